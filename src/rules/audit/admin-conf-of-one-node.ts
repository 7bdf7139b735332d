import { defineAuditRule } from './audit-rule.ts';
import { judgeKubeconfigs } from './kubeconfigs-of-machines.ts';
import { GRADES_OF_SERVERS } from './shared-servers.ts';

/** L3. */
export const adminConfOfOneNode = defineAuditRule({
  code: 'admin-conf-of-one-node',
  severity: 'warning',
  title: "an administrator's kubeconfig leads to another machine",
  why: 'kubectl and kubeadm on this control plane stop working with that other machine, just when they are needed',
  fix: 'change the server in the file named to a name that all control planes serve, or to the API server beside it',
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => judgeKubeconfigs(view, 'people'),
});
