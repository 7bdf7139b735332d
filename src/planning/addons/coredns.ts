import { sharedDocument } from '../../model/scope.ts';
import type { SharedDocument } from '../../model/scope.ts';
import { spreadOverNodes } from './spread.ts';

export const COREDNS_WORKLOAD = 'kube-system/Deployment/coredns';

/**
 * What we add to kubeadm's CoreDNS: its replicas on different nodes. kubeadm only prefers it, and puts both on the node that was Ready first. Applied
 * before the first node is Ready, so that no replica ever starts in the wrong place.
 */
export function coreDnsObjects(isSingleNode: boolean): readonly SharedDocument[] {
  return [
    sharedDocument({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'coredns', namespace: 'kube-system' },
      spec: { replicas: 2, template: { spec: { topologySpreadConstraints: [spreadOverNodes({ 'k8s-app': 'kube-dns' }, isSingleNode)] } } },
    }),
  ];
}
