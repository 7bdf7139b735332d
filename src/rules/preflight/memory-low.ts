import { defineMachineRule } from './preflight-rule.ts';

const MEBIBYTE = 1024 * 1024;
/** Of a control plane what kubeadm itself demands (constants.ControlPlaneMem), of a worker what the kubelet and its system pods take. */
const NEEDED = { 'control-plane': 1700, worker: 1024 } as const;

export const memoryLow = defineMachineRule({
  code: 'memory-low',
  severity: 'error',
  title: 'the machine has too little memory',
  why: 'kubeadm refuses a control plane with less, and the kernel kills etcd or the API server when they grow',
  fix: 'give it more memory, or another role',
  judgeMachine: ({ node, host }) => {
    const mebibytes = Math.floor(host.platform.memoryBytes / MEBIBYTE);
    return mebibytes >= NEEDED[node.role] ? [] : [`it has ${mebibytes} MiB, a ${node.role.replace('-', ' ')} needs ${NEEDED[node.role]} MiB`];
  },
});
