import { defineAuditRule } from './audit-rule.ts';
import { CLUSTER_INFO } from './shared-documents.ts';
import { GRADES_OF_SERVERS, judgeSharedServer, serversIn } from './shared-servers.ts';

/** L2. */
export const clusterInfoOfOneNode = defineAuditRule({
  code: 'cluster-info-of-one-node',
  severity: 'warning',
  title: 'machines that join are sent to one control plane',
  why: 'kubeadm join reads the server from kube-public/cluster-info: when that machine is down no node can join, when it is gone none ever can',
  fix: 'change the server in the ConfigMap kube-public/cluster-info to a name that all control planes serve; the signatures of tokens are renewed by themselves',
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => serversIn(view, CLUSTER_INFO).flatMap((server) => judgeSharedServer(view, server)),
});
