import { defineAuditRule } from './audit-rule.ts';
import { judgeKubeconfigs } from './kubeconfigs-of-machines.ts';
import { GRADES_OF_SERVERS } from './shared-servers.ts';

/** kubeadm points the controller manager and the scheduler at the API server beside them. */
export const controllerOfOneNode = defineAuditRule({
  code: 'controller-of-one-node',
  severity: 'warning',
  title: "a controller manager or scheduler uses another machine's API server",
  why: 'with that machine this control plane loses its controllers too: of three, one failure takes two',
  fix: "change the server in the file named to the machine's own API server, and let the static pod restart",
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => judgeKubeconfigs(view, 'controller'),
});
