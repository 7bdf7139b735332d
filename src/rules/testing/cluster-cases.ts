import type { ClusterFacts, EtcdMemberFact, WorkloadFact } from '../../facts/cluster-facts.ts';
import type { UpstreamFact } from '../../facts/inside/reach-facts.ts';
import { known } from '../../plan/fact.ts';
import type { VerifyInput } from '../verify/verify-input.ts';
import type { BrokenCase } from './broken-case.ts';
import * as broken from './broken-inputs.ts';
import { healthyClusterFacts, withCluster } from './healthy-snapshot.ts';

const KUBEADM = 'kube-system/kubeadm-config';

function withoutNode(name: string): VerifyInput {
  return withCluster({ nodes: Object.fromEntries(Object.entries(healthyClusterFacts.nodes).filter(([other]) => other !== name)) });
}

function withoutConfigMap(name: string): VerifyInput {
  return withCluster({ configMaps: Object.fromEntries(Object.entries(healthyClusterFacts.configMaps).filter(([other]) => other !== name)) });
}

function withNodes(more: ClusterFacts['nodes']): VerifyInput {
  return withCluster({ nodes: { ...healthyClusterFacts.nodes, ...more } });
}

const stranger = { name: 'w-9', isReady: true, isControlPlane: false, internalIPs: ['10.0.0.29'], labels: {}, annotations: {}, taints: [], podCIDR: '', kubeletVersion: 'v1.36.3' };
const unnamed: EtcdMemberFact = { id: 'ff', name: '', peerURLs: ['https://10.0.0.14:2380'], clientURLs: [], isLearner: false, isHealthy: true, isLeader: false };

function withMoreMembers(member: EtcdMemberFact): VerifyInput {
  const { etcdMembers } = healthyClusterFacts;
  return withCluster({ etcdMembers: known([...(etcdMembers.state === 'known' ? etcdMembers.value : []), member]) });
}

/** The healthy upstreams, one of them in another state. */
function upstreams(name?: string, status = 'UP', check = 'L7OK'): readonly UpstreamFact[] {
  return ['cp-1', 'cp-2', 'cp-3'].map((server) => (server === name ? { name: server, status, check } : { name: server, status: 'UP', check: 'L7OK' }));
}

function withWorkload(name: string, change: Partial<WorkloadFact>): VerifyInput {
  const key = `kube-system/Deployment/${name}`;
  const workload = healthyClusterFacts.workloads[key];
  if (workload === undefined) throw new Error(`no ${key}`);
  return withCluster({ workloads: { ...healthyClusterFacts.workloads, [key]: { ...workload, ...change } } });
}

/** One thing of the whole cluster that does not hold. */
export const clusterCases: readonly BrokenCase[] = [
  [
    'an API server that refuses one host',
    broken.withApi('w-1', 'cp-2', { isReady: false, detail: 'curl: (7) refused' }),
    'api-not-ready',
    'cp-2',
    'asked from w-1 at 10.0.0.12: curl: (7) refused',
  ],
  ['a node missing', withoutNode('w-1'), 'node-set', 'w-1', 'no node of this name'],
  ['a node too many', withNodes({ 'w-9': stranger }), 'node-set', 'w-9', 'the cluster file has no node'],
  ['a node in another role', broken.withNode('w-1', { isControlPlane: true }), 'node-set', 'w-1', 'it is a control-plane'],
  ['a node that is not Ready', broken.withNode('cp-3', { isReady: false }), 'node-not-ready', 'cp-3', 'Ready'],
  ['an endpoint of nobody', withCluster({ apiEndpoints: [...healthyClusterFacts.apiEndpoints, '10.0.0.99'] }), 'api-endpoint-foreign', undefined, '10.0.0.99'],
  ['a learner', broken.withMember('cp-2', { isLearner: true }), 'etcd-health', 'cp-2', 'is a learner'],
  ['an unhealthy member', broken.withMember('cp-2', { isHealthy: false }), 'etcd-health', 'cp-2', 'is not healthy'],
  ['no leader', broken.withMember('cp-1', { isLeader: false }), 'etcd-health', undefined, '0 leaders'],
  ['an unnamed member', withMoreMembers(unnamed), 'etcd-health', undefined, 'member ff, which has no name yet, is named after no control plane'],
  [
    'an address in kubeadm-config',
    broken.withConfigMap(KUBEADM, 'ClusterConfiguration', 'apiServer: { extraArgs: [{ name: advertise-address, value: 10.0.0.1 }] }\n'),
    'shared-config-leak',
    undefined,
    'apiServer.extraArgs.0.value holds 10.0.0.1, the address of cp-1',
  ],
  [
    'a name in the kubelet configuration',
    broken.withConfigMap('kube-system/kubelet-config', 'kubelet', 'hostnameOverride: w-1\n'),
    'shared-config-leak',
    undefined,
    'kubelet: hostnameOverride holds w-1',
  ],
  [
    "one control plane as kube-proxy's server",
    broken.withConfigMap('kube-system/kube-proxy', 'kubeconfig.conf', 'clusters: [{ cluster: { server: "https://10.0.0.12:6443" } }]\n'),
    'shared-config-leak',
    undefined,
    'server holds 10.0.0.12',
  ],
  [
    'an address in a text that is no YAML',
    broken.withConfigMap('kube-public/cluster-info', 'kubeconfig', '\t: [ https://10.0.0.13:6443'),
    'shared-config-leak',
    undefined,
    'kubeconfig holds 10.0.0.13',
  ],
  ['a shared ConfigMap missing', withoutConfigMap(KUBEADM), 'shared-config-leak', undefined, 'ConfigMap kube-system/kubeadm-config is absent'],
  ['an upstream down', broken.withProxy('w-1', { answers: true, upstreams: upstreams('cp-2', 'DOWN', 'L4TOUT') }), 'proxy-upstreams', 'w-1', 'cp-2 is DOWN (L4TOUT)'],
  ['an upstream missing', broken.withProxy('w-1', { answers: true, upstreams: upstreams().slice(1) }), 'proxy-upstreams', 'w-1', 'cp-1 is not among its upstreams'],
  [
    'an upstream too many',
    broken.withProxy('w-1', { answers: true, upstreams: [...upstreams(), { name: 'cp-9', status: 'DOWN', check: 'L4TOUT' }] }),
    'proxy-upstreams',
    'w-1',
    'cp-9 (DOWN) is an upstream and no control plane',
  ],
  ['a proxy that does not answer', broken.withProxy('w-1', { answers: false, why: 'Connection refused' }), 'proxy-upstreams', 'w-1', 'Connection refused'],
  ['CoreDNS on one node', withWorkload('coredns', { podNodes: ['w-1', 'w-1'] }), 'replicas-spread', undefined, 'all pods of kube-system/Deployment/coredns run on w-1'],
  ['one replica of CoreDNS', withWorkload('coredns', { ready: 1 }), 'replicas-spread', undefined, 'has 1 pods ready'],
  ['metrics-server on one node', withWorkload('metrics-server', { podNodes: ['w-1', 'w-1'] }), 'replicas-spread', undefined, 'metrics-server run on w-1'],
  [
    'a certificate that expires soon',
    broken.withCertificate('w-1', '/var/lib/kubelet/pki/kubelet-client-current.pem', { notAfter: '2026-06-30T00:00:00.000Z' }),
    'certificate-expiry',
    'w-1',
    'expires in 29 days',
  ],
  [
    'an expired certificate',
    broken.withCertificate('cp-1', '/etc/kubernetes/pki/front-proxy-client.crt', { notAfter: '2026-05-30T00:00:00.000Z' }),
    'certificate-expiry',
    'cp-1',
    'has been expired since',
  ],
];
