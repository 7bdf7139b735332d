import type { Check } from './check.ts';
import { checkApiServerOnWorker, checkCertSans } from './control-plane.ts';
import { checkApiServerFlags, checkNodeAddresses } from './flags.ts';
import { checkKubeletConfig } from './kubelet-config.ts';
import { checkLabelsAndTaints } from './labels-taints.ts';
import { checkAddresses, checkControlPlanes, checkDuplicates } from './nodes.ts';
import { checkMaxPods, checkOverlaps, checkPodRange, checkRanges } from './ranges.ts';
import { checkPools, checkRoles } from './pools.ts';
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
  checkApiServerFlags,
  checkNodeAddresses,
  checkKubeletConfig,
  checkCertSans,
  checkApiServerOnWorker,
  checkLabelsAndTaints,
];
