import { defineAuditRule } from './audit-rule.ts';
import { KUBE_PROXY_KUBECONFIG } from './shared-documents.ts';
import { GRADES_OF_SERVERS, judgeSharedServer, serversIn } from './shared-servers.ts';

/** L4. */
export const kubeProxyOfOneNode = defineAuditRule({
  code: 'kube-proxy-of-one-node',
  severity: 'warning',
  title: 'kube-proxy of every node depends on one control plane',
  why: 'when that machine is gone, no node learns of new or lost endpoints: services go on to pods that are no more, on every node',
  fix: 'change the server in kubeconfig.conf of the ConfigMap kube-system/kube-proxy to a name that all control planes serve, then restart the DaemonSet kube-proxy',
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => serversIn(view, KUBE_PROXY_KUBECONFIG).flatMap((server) => judgeSharedServer(view, server)),
});
