import { defineMachineRule } from './preflight-rule.ts';

export const swapOn = defineMachineRule({
  code: 'swap-on',
  severity: 'warning',
  title: 'swap is on',
  why: 'the kubelet is told to start all the same, and pods use none; but what is swapped out of etcd, API server or kubelet answers late, so that leaders change and nodes seem lost',
  fix: 'swapoff -a, and take swap out of /etc/fstab',
  judgeMachine: ({ host: { platform } }) => {
    if (platform.container !== 'none') return [];
    return platform.isSwapOn ? ['/proc/swaps lists a device'] : [];
  },
});
