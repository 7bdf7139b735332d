import { joinProbes } from '../../facts/join-state.ts';
import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { RuleResult } from '../finding.ts';
import { mergeResults } from '../rule.ts';
import { addressElsewhere } from './address-elsewhere.ts';
import { architectureDiffers } from './architecture-differs.ts';
import { cgroupUnfit } from './cgroup-unfit.ts';
import { clockSkew } from './clock-skew.ts';
import { clusterUnhealthy } from './cluster-unhealthy.ts';
import { cpusFew } from './cpus-few.ts';
import { diskFull } from './disk-full.ts';
import { diskSlow } from './disk-slow.ts';
import { endpointNameTaken } from './endpoint-name-taken.ts';
import { firewallActive } from './firewall-active.ts';
import { hostnameInvalid } from './hostname-invalid.ts';
import { hostsFileRewritten } from './hosts-file-rewritten.ts';
import { kernelFeatureMissing } from './kernel-feature-missing.ts';
import { kernelUnsupported } from './kernel-unsupported.ts';
import { machineNotReached } from './machine-not-reached.ts';
import { memoryLow } from './memory-low.ts';
import { mtuTooSmall } from './mtu-too-small.ts';
import { notWritable } from './not-writable.ts';
import { osUnsupported } from './os-unsupported.ts';
import { osUntried } from './os-untried.ts';
import { portTaken } from './port-taken.ts';
import { portUnreachable } from './port-unreachable.ts';
import { packagesOutOfReach } from './packages-out-of-reach.ts';
import type { PreflightInput } from './preflight-input.ts';
import { preflightView } from './preflight-input.ts';
import type { PreflightRule } from './preflight-rule.ts';
import { programsInTheWay } from './programs-in-the-way.ts';
import { rangeOverRoute } from './range-over-route.ts';
import { remains } from './remains.ts';
import { resolverUnfit } from './resolver-unfit.ts';
import { rootRightsMissing } from './root-rights-missing.ts';
import { selinuxEnforcing } from './selinux-enforcing.ts';
import { sudoRefused } from './sudo-refused.ts';
import { swapOn } from './swap-on.ts';
import { systemdMissing } from './systemd-missing.ts';
import { twinAddress } from './twin-address.ts';
import { twinHostname } from './twin-hostname.ts';
import { twinMac } from './twin-mac.ts';
import { twinMachineId } from './twin-machine-id.ts';
import { twinProductUuid } from './twin-product-uuid.ts';
import { twinSshHostKey } from './twin-ssh-host-key.ts';

/** Everything that is judged before anything is touched. */
export const preflightRules: readonly PreflightRule[] = [
  machineNotReached,
  sudoRefused,
  rootRightsMissing,
  systemdMissing,
  osUnsupported,
  osUntried,
  packagesOutOfReach,
  architectureDiffers,
  memoryLow,
  cpusFew,
  cgroupUnfit,
  kernelUnsupported,
  kernelFeatureMissing,
  addressElsewhere,
  hostnameInvalid,
  resolverUnfit,
  endpointNameTaken,
  hostsFileRewritten,
  twinHostname,
  twinMachineId,
  twinProductUuid,
  twinMac,
  twinAddress,
  twinSshHostKey,
  clockSkew,
  remains,
  programsInTheWay,
  portTaken,
  portUnreachable,
  mtuTooSmall,
  rangeOverRoute,
  notWritable,
  diskFull,
  diskSlow,
  clusterUnhealthy,
  firewallActive,
  selinuxEnforcing,
  swapOn,
];

export function preflightFindings(input: PreflightInput): RuleResult {
  const view = preflightView(input);
  return mergeResults(preflightRules.map((rule) => rule.check(view)));
}

/** What every machine must be asked for it. */
export const preflightProbes = [...joinProbes, { probe: 'ground' }, { probe: 'file', path: '/etc/hosts', text: true }] as const satisfies readonly ProbeRequest[];
