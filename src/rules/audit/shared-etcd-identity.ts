import { defineAuditRule } from './audit-rule.ts';
import { complainOfLeak, leakedArgs } from './shared-args-of-one-node.ts';

/** L33: kubeadm takes the first `advertise-client-urls` of the shared arguments for the `--etcd-servers` of every API server. */
export const sharedEtcdIdentity = defineAuditRule({
  code: 'shared-etcd-identity',
  severity: 'warning',
  title: "one etcd member's name or address is given to every member",
  why: 'every member that joins takes that name or address for its own, and every API server asks that one member: when it is gone, they all are',
  fix: 'take the flag out of etcd.local.extraArgs in the ConfigMap kube-system/kubeadm-config; kubeadm derives it on each control plane',
  isMended: true,
  grades: 'an error where no machine has the address',
  judge: (view) => leakedArgs(view, ({ component }) => component === 'etcd').map((leak) => complainOfLeak(view, leak)),
});
