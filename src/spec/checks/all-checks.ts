import { checkNodeAddresses } from './addresses-in-settings.ts';
import type { Check } from './check.ts';
import { checkConfigurationFields } from './configuration-fields.ts';
import { checkCertSans, checkComponentsOnWorkers } from './control-plane.ts';
import { checkDistribution } from './distribution.ts';
import { checkFlags } from './flags.ts';
import { checkLabelsAndTaints } from './labels-taints.ts';
import { checkAddresses, checkControlPlanes, checkDuplicates } from './nodes.ts';
import { checkMaxPods, checkOverlaps, checkPodRange, checkRanges } from './ranges.ts';
import { checkPools, checkRoles } from './pools.ts';
import { checkProxy } from './proxy.ts';
import { checkSecrets } from './secrets.ts';
import { checkVersion } from './version.ts';

/** Everything about a cluster file that the schema cannot say. */
export const allChecks: readonly Check[] = [
  checkVersion,
  checkPools,
  checkRoles,
  checkDuplicates,
  checkAddresses,
  checkControlPlanes,
  checkRanges,
  checkOverlaps,
  checkPodRange,
  checkMaxPods,
  checkFlags,
  checkNodeAddresses,
  checkConfigurationFields,
  checkCertSans,
  checkComponentsOnWorkers,
  checkLabelsAndTaints,
  checkProxy,
  checkDistribution,
  checkSecrets,
];
