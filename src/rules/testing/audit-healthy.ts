import { foreignObjects } from '../../model/foreign.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterView, PodView, WorkloadView } from '../../facts/audit/cluster-view.ts';
import type { NodeFact } from '../../facts/cluster-facts.ts';
import { known } from '../../plan/fact.ts';
import type { OurNode } from './audit-machines.ts';
import { ENDPOINT, KUBELET_CONFIG, ourMachine } from './audit-machines.ts';

/** When the recordings were made. */
export const NOW = new Date('2026-11-24T00:00:00Z');

const CLUSTER_CONFIGURATION = [
  'apiServer: {}',
  'apiVersion: kubeadm.k8s.io/v1beta4',
  'certificatesDir: /etc/kubernetes/pki',
  'clusterName: dev',
  'controlPlaneEndpoint: api.dev.kubewright.internal:7443',
  'controllerManager: {}',
  'etcd:',
  '  local:',
  '    dataDir: /var/lib/etcd',
  'kind: ClusterConfiguration',
  'kubernetesVersion: v1.36.3',
  'networking:',
  '  podSubnet: 10.244.0.0/16',
  '  serviceSubnet: 10.96.0.0/16',
  'scheduler: {}',
  '',
].join('\n');

const KUBE_PROXY = [
  'apiVersion: kubeproxy.config.k8s.io/v1alpha1',
  'bindAddress: 0.0.0.0',
  'clusterCIDR: 10.244.0.0/16',
  'detectLocal:',
  '  bridgeInterface: ""',
  '  interfaceNamePrefix: ""',
  'healthzBindAddress: ""',
  'hostnameOverride: ""',
  'metricsBindAddress: ""',
  'mode: iptables',
  'nodePortAddresses: null',
  'oomScoreAdj: null',
  '',
].join('\n');

const kubeconfigText = (server: string): string => `apiVersion: v1\nclusters:\n- cluster:\n    server: ${server}\n  name: ""\nkind: Config\n`;

function nodeFact({ name, address, isControlPlane }: OurNode): NodeFact {
  const labels: Readonly<Record<string, string>> = isControlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {};
  return { name, isReady: true, isControlPlane, internalIPs: [address], labels, annotations: {}, taints: [], podCIDR: '', kubeletVersion: 'v1.36.3' };
}

function workload(podNodes: readonly string[], change: Partial<WorkloadView> = {}): WorkloadView {
  return { labels: {}, args: [], environment: [], desired: podNodes.length, ready: podNodes.length, isRolledOut: true, podNodes, ...change };
}

function clusterView(nodes: readonly OurNode[]): ClusterView {
  const controlPlanes = nodes.filter(({ isControlPlane }) => isControlPlane);
  const names = nodes.map(({ name }) => name);
  const pods: readonly PodView[] = nodes.map(({ name, address }) => ({ name: `kube-proxy-${name}`, node: name, hostIP: address }));
  return {
    via: names[0] ?? '',
    version: 'v1.36.3',
    nodes: Object.fromEntries(nodes.map((node) => [node.name, nodeFact(node)])),
    configMaps: foreignObjects({
      'kube-system/kubeadm-config': { ClusterConfiguration: CLUSTER_CONFIGURATION },
      'kube-system/kubelet-config': { kubelet: KUBELET_CONFIG },
      'kube-system/kube-proxy': { 'config.conf': KUBE_PROXY, 'kubeconfig.conf': kubeconfigText(ENDPOINT) },
      'kube-public/cluster-info': { kubeconfig: kubeconfigText(ENDPOINT) },
    }),
    apiEndpoints: controlPlanes.map(({ address }) => address),
    etcdMembers: known(
      controlPlanes.map(({ name, address }, index) => ({
        ...{ id: `a${index}`, name, peerURLs: [`https://${address}:2380`], clientURLs: [`https://${address}:2379`] },
        ...{ isLearner: false, isHealthy: true, isLeader: index === 0 },
      })),
    ),
    workloads: {
      'kube-system/Deployment/coredns': workload(names.slice(-2), { labels: { 'k8s-app': 'kube-dns' } }),
      'kube-system/Deployment/metrics-server': workload(names.slice(-2)),
      'kube-system/DaemonSet/kube-proxy': workload(names, { args: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'] }),
    },
    pods,
    manualEndpoints: [],
    answers: { [ENDPOINT]: true },
    tokens: known([]),
  };
}

/** A healthy cluster of ours: control planes cp-1 to cp-N at 10.88.210.11 and on, workers w-1 to w-N at 10.88.210.21 and on. */
export function ourCluster(controlPlanes: number, workers: number): AuditSnapshot {
  const numbered = (count: number, prefix: string, first: number, isControlPlane: boolean): readonly OurNode[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${prefix}-${index + 1}`, address: `10.88.210.${first + index}`, isControlPlane }));
  const nodes = [...numbered(controlPlanes, 'cp', 11, true), ...numbered(workers, 'w', 21, false)];
  const members = nodes.filter(({ isControlPlane }) => isControlPlane);
  return { machines: nodes.map((node) => ourMachine(node, members)), cluster: known(clusterView(nodes)) };
}

/** Two recorded states of a cluster of Kubespray's: fresh, and after a control plane was removed. */
export function kubespray(state: 'healthy' | 'after-removal'): AuditSnapshot {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `kubespray-${state}.json`), 'utf8')) as AuditSnapshot;
}
