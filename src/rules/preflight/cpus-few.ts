import { defineMachineRule } from './preflight-rule.ts';

/** constants.ControlPlaneNumCPU of kubeadm. */
const NEEDED = 2;

export const cpusFew = defineMachineRule({
  code: 'cpus-few',
  severity: 'error',
  title: 'the control plane has too few processors',
  why: 'kubeadm refuses it',
  fix: `give it ${NEEDED} processors, or make it a worker`,
  judgeMachine: ({ node, host: { platform } }) => (node.role === 'worker' || platform.cpus >= NEEDED ? [] : [`it has ${platform.cpus}`]),
});
