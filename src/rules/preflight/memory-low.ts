import { defineMachineRule } from './preflight-rule.ts';

const MEBIBYTE = 1024 * 1024;
/** Of a control plane what kubeadm itself demands (constants.ControlPlaneMem; with less it ends), of a worker what the kubelet and its system pods take. */
const NEEDED = { 'control-plane': 1700, worker: 900 } as const;
/** A machine sold with 1 GiB shows less: its kernel has kept some. */
const COMFORTABLE = { 'control-plane': 1700, worker: 1024 } as const;

export const memoryLow = defineMachineRule({
  code: 'memory-low',
  severity: 'error',
  grades: 'a worker that has what the system takes, and less than 1 GiB, is a warning: little is left for pods',
  title: 'the machine has too little memory',
  why: 'kubeadm refuses a control plane with less, and the kernel kills etcd or the API server when they grow',
  fix: 'give it more memory, or another role',
  judgeMachine: ({ node, host }) => {
    const mebibytes = Math.floor(host.platform.memoryBytes / MEBIBYTE);
    if (mebibytes < NEEDED[node.role]) return [`it has ${mebibytes} MiB, a ${node.role.replace('-', ' ')} needs ${NEEDED[node.role]} MiB`];
    return mebibytes >= COMFORTABLE[node.role] ? [] : [{ severity: 'warning', title: 'the machine has little memory', evidence: [`it has ${mebibytes} MiB`] }];
  },
});
