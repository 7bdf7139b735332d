import { complain, defineAuditRule } from './audit-rule.ts';

export const nodeNotReady = defineAuditRule({
  code: 'node-not-ready',
  severity: 'error',
  title: 'a node is not Ready',
  why: 'its pods are or will be evicted, and as a control plane it does not help to keep the quorum; whatever names it is a dead value meanwhile',
  fix: 'look at the machine: whether it runs, and journalctl -u kubelet; a machine that is gone for good is removed from the cluster with its etcd member',
  judge: ({ cluster }) =>
    Object.values(cluster?.nodes ?? {}).flatMap(({ name, isReady }) => complain(isReady ? [] : [`condition Ready of node ${name} is not True`], { node: name })),
});
