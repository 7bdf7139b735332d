import { defineAuditRule } from './audit-rule.ts';
import { KUBEADM, valueAt } from './shared-documents.ts';
import { GRADES_OF_SERVERS, judgeSharedServer } from './shared-servers.ts';

/** L1. */
export const endpointOfOneNode = defineAuditRule({
  code: 'endpoint-of-one-node',
  severity: 'warning',
  title: 'the endpoint of the control plane is one machine',
  why: 'kubeadm writes controlPlaneEndpoint into cluster-info, kube-proxy, every admin.conf and the kubelets of all workers: when that machine is down or gone, they all lose the API, though others serve it',
  fix: 'choose a name that each machine resolves to a load balancer or to a proxy of its own, put it into the certificates of all API servers, lead all machines to it, and change controlPlaneEndpoint in kubeadm-config last',
  isMended: true,
  grades: GRADES_OF_SERVERS,
  judge: (view) => judgeSharedServer(view, valueAt(view, KUBEADM, 'controlPlaneEndpoint')),
});
