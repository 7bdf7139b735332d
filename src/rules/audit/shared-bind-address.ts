import { defineAuditRule } from './audit-rule.ts';
import { complainOfLeak, leakedArgs } from './shared-args-of-one-node.ts';

/** L10. */
export const sharedBindAddress = defineAuditRule({
  code: 'shared-bind-address',
  severity: 'warning',
  title: "one machine's address to bind to is given to every control plane",
  why: 'a component on another machine cannot bind that address: the API server of the next control plane that joins or is upgraded does not start',
  fix: 'take the flag out of extraArgs in the ConfigMap kube-system/kubeadm-config; where one node needs it, give it to that node alone by a kubeadm patch',
  isMended: true,
  grades: 'an error where no machine has the address',
  judge: (view) => leakedArgs(view, ({ flag }) => flag === 'bind-address').map((leak) => complainOfLeak(view, leak)),
});
