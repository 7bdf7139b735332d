import type { FlagRules } from './flag-rule.ts';
import { file, managed, node } from './flag-rule.ts';
import { controllerFlags } from './flag-table-common.ts';

/** kube-scheduler of the Kubernetes releases in the catalogue. */
export const kubeSchedulerFlags: FlagRules = {
  ...controllerFlags,
  'bind-address': node('an address of this machine; by default loopback', 'write it under each node: spec.nodes[].scheduler.extraArgs'),
  config: file('a file that every control plane must have; with it most flags are ignored'),
  'write-config-to': managed('the process would write a file and end'),
};
