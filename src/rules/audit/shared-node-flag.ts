import { defineAuditRule } from './audit-rule.ts';
import { complainOfLeak, leakedArgs } from './shared-args-of-one-node.ts';

const HAVE_RULES_OF_THEIR_OWN: ReadonlySet<string> = new Set(['advertise-address', 'bind-address']);

/** L34, and whatever else the flag table knows to be one node's. */
export const sharedNodeFlag = defineAuditRule({
  code: 'shared-node-flag',
  severity: 'warning',
  title: "a flag with one machine's value is given to every control plane",
  why: 'each control plane that joins or is upgraded takes the value for its own and passes for another machine, or does not start',
  fix: 'take the flag out of extraArgs in the ConfigMap kube-system/kubeadm-config; where one node needs it, give it to that node alone by a kubeadm patch',
  isMended: true,
  grades: 'an error where it is an address of no machine',
  judge: (view) => leakedArgs(view, ({ component, flag }) => component !== 'etcd' && !HAVE_RULES_OF_THEIR_OWN.has(flag)).map((leak) => complainOfLeak(view, leak)),
});
