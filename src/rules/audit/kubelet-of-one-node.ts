import { defineAuditRule } from './audit-rule.ts';
import { judgeKubeconfigs } from './kubeconfigs-of-machines.ts';
import { GRADES_OF_SERVERS } from './shared-servers.ts';

/** L5, L6. */
export const kubeletOfOneNode = defineAuditRule({
  code: 'kubelet-of-one-node',
  severity: 'warning',
  title: 'a kubelet reaches the API through one other machine',
  why: 'when that machine is down the node goes NotReady and its pods are evicted, though nothing is wrong with it',
  fix: 'change the server in the file named to a name that all control planes serve, on a control plane to its own API server, and restart the kubelet',
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => judgeKubeconfigs(view, 'kubelet'),
});
