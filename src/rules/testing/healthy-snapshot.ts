import type { ClusterFacts, EtcdMemberFact, NodeFact, WorkloadFact } from '../../facts/cluster-facts.ts';
import type { CertificateFact, FileFact, HostFacts, ProcessFact } from '../../facts/host-facts.ts';
import type { InsideAnswer, InsideFacts } from '../../facts/inside/inside-facts.ts';
import type { ReachFacts } from '../../facts/inside/reach-facts.ts';
import { foreignObjects } from '../../model/foreign.ts';
import { known } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import type { ExpectedCluster, ExpectedNode } from '../verify/expected-cluster.ts';
import type { VerifyInput } from '../verify/verify-input.ts';

const ENDPOINT = { host: 'api.demo.kubewright.internal', port: 7443 };
const NOT_AFTER = '2027-01-01T00:00:00.000Z';

export const healthyExpected: ExpectedCluster = {
  name: 'demo',
  endpoint: ENDPOINT,
  nodes: [
    { name: 'cp-1', role: 'control-plane', address: '10.0.0.1' },
    { name: 'cp-2', role: 'control-plane', address: '10.0.0.12' },
    { name: 'cp-3', role: 'control-plane', address: '10.0.0.13' },
    { name: 'w-1', role: 'worker', address: '10.0.0.21' },
  ],
  metricsServer: true,
};

const controlPlanes = healthyExpected.nodes.filter(({ role }) => role === 'control-plane');

function commandsOf({ name, address }: ExpectedNode): Readonly<Record<string, readonly string[]>> {
  const conf = (component: string): string => `--kubeconfig=/etc/kubernetes/${component}.conf`;
  return {
    'kube-apiserver': ['kube-apiserver', `--advertise-address=${address}`, '--etcd-servers=https://127.0.0.1:2379', '--service-cluster-ip-range=10.96.0.0/16'],
    'kube-controller-manager': ['kube-controller-manager', '--bind-address=127.0.0.1', conf('controller-manager')],
    'kube-scheduler': ['kube-scheduler', '--bind-address=127.0.0.1', conf('scheduler')],
    etcd: [
      'etcd',
      `--name=${name}`,
      `--advertise-client-urls=https://${address}:2379`,
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${controlPlanes.map((node) => `${node.name}=https://${node.address}:2380`).join(',')}`,
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      `--listen-peer-urls=https://${address}:2380`,
    ],
  };
}

function textFile(text: string): FileFact {
  return { type: 'file', sha256: '0'.repeat(64), sizeBytes: text.length, mode: '644', owner: 'root:root', text };
}

function manifest(command: readonly string[]): string {
  return ['apiVersion: v1', 'kind: Pod', 'spec:', '  containers:', '  - command:', ...command.map((word) => `    - ${word}`), '    image: some', 'status: {}', ''].join('\n');
}

function certificate(subject: string, names: readonly string[] = [], addresses: readonly string[] = []): CertificateFact {
  return { subject: `CN=${subject}`, issuer: 'CN=kubernetes', names, addresses, notAfter: NOT_AFTER, fingerprint: '0'.repeat(64) };
}

function certificatesOf({ name, role, address }: ExpectedNode): HostFacts['certificates'] {
  const kubelet = { '/var/lib/kubelet/pki/kubelet-client-current.pem': certificate(`system:node:${name}`), '/etc/kubernetes/pki/ca.crt': certificate('kubernetes') };
  if (role === 'worker') return kubelet;
  const plain = ['apiserver-etcd-client', 'apiserver-kubelet-client', 'etcd/ca', 'etcd/healthcheck-client', 'front-proxy-ca', 'front-proxy-client'];
  return {
    ...kubelet,
    ...Object.fromEntries(plain.map((file) => [`/etc/kubernetes/pki/${file}.crt`, certificate(file)])),
    '/etc/kubernetes/pki/apiserver.crt': certificate('kube-apiserver', [ENDPOINT.host, name, 'kubernetes.default'], ['10.96.0.1', address]),
    '/etc/kubernetes/pki/etcd/server.crt': certificate(name, [name, 'localhost'], [address, '127.0.0.1']),
    '/etc/kubernetes/pki/etcd/peer.crt': certificate(name, [name, 'localhost'], [address, '127.0.0.1']),
  };
}

function kubeconfigsOf({ name, role, address }: ExpectedNode): HostFacts['kubeconfigs'] {
  const kubeconfig = (server: string) => ({ server, clientCertificate: certificate(name) });
  const endpoint = kubeconfig(`https://${ENDPOINT.host}:${ENDPOINT.port}`);
  const own = kubeconfig(`https://${address}:6443`);
  if (role === 'worker') return { '/etc/kubernetes/kubelet.conf': endpoint };
  return { '/etc/kubernetes/admin.conf': endpoint, '/etc/kubernetes/kubelet.conf': own, '/etc/kubernetes/controller-manager.conf': own, '/etc/kubernetes/scheduler.conf': own };
}

const HOSTS = `127.0.0.1 localhost\n127.0.0.1 ${ENDPOINT.host}\n`;

function healthyHost(node: ExpectedNode): HostFacts {
  const commands = node.role === 'worker' ? {} : commandsOf(node);
  const processes: readonly ProcessFact[] = [
    ['kubelet', ['/usr/local/bin/kubelet', '--config=/var/lib/kubelet/config.yaml', `--node-ip=${node.address}`]] as const,
    ...Object.entries(commands),
  ].map(([name, args], index) => ({ name, pid: 100 + index, startTicks: 1, args }));
  const manifests = Object.entries(commands).map(([component, command]) => [`/etc/kubernetes/manifests/${component}.yaml`, textFile(manifest(command))] as const);
  return {
    identity: { hostname: node.name, machineId: node.name, productUuid: known(node.name), macs: [], sshHostKeys: [] },
    platform: {
      ...{ osId: 'debian', osLike: [], osVersion: '12', osName: 'Debian 12', kernel: '6.1', architecture: 'x86_64', container: 'none', cgroup: 'v2', hasCapSysResource: true },
      ...{ openFilesHardLimit: 1_048_576, isSwapOn: false, isResolvedActive: false, kernelModules: [], cpus: 2, memoryBytes: 4e9, bootId: node.name },
    },
    addresses: [{ interface: 'eth0', address: node.address, prefixLength: 24 }],
    files: { '/etc/hosts': textFile(HOSTS), '/etc/kubernetes/super-admin.conf': { type: 'absent' }, ...Object.fromEntries(manifests) },
    units: {},
    sysctls: {},
    packages: {},
    images: known({}),
    processes,
    certificates: certificatesOf(node),
    kubeconfigs: kubeconfigsOf(node),
    podHosts: {
      'host-network-pod': `# Kubernetes-managed hosts file (host network).\n${HOSTS}`,
      'own-network-pod': '# Kubernetes-managed hosts file.\n127.0.0.1 localhost\n10.244.0.2 web-0\n',
    },
    hasEtcdData: node.role === 'control-plane',
    runs: [],
    lock: undefined,
  };
}

function nodeFact({ name, role, address }: ExpectedNode): NodeFact {
  return { name, isReady: true, isControlPlane: role === 'control-plane', internalIPs: [address], labels: {}, annotations: {}, taints: [], podCIDR: '', kubeletVersion: 'v1.36.3' };
}

function memberFact({ name, address }: ExpectedNode, index: number): EtcdMemberFact {
  return { id: `a${index}`, name, peerURLs: [`https://${address}:2380`], clientURLs: [`https://${address}:2379`], isLearner: false, isHealthy: true, isLeader: index === 0 };
}

const spread: WorkloadFact = { annotations: {}, desired: 2, ready: 2, isRolledOut: true, podNodes: ['cp-2', 'w-1'] };

/** As kubeadm 1.36 writes them. */
const CONFIG_MAPS = foreignObjects({
  'kube-system/kubeadm-config': {
    ClusterConfiguration: [
      ...['apiServer:', '  certSANs: [k8s.example.com]', 'apiVersion: kubeadm.k8s.io/v1beta4', 'clusterName: demo', `controlPlaneEndpoint: ${ENDPOINT.host}:${ENDPOINT.port}`],
      ...['etcd: { local: { dataDir: /var/lib/etcd } }', 'networking: { dnsDomain: cluster.local, podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/16 }', ''],
    ].join('\n'),
  },
  'kube-system/kubelet-config': { kubelet: 'cgroupDriver: systemd\nclusterDNS: [10.96.0.10]\nresolvConf: /etc/resolv.conf\n' },
  'kube-system/kube-proxy': {
    'config.conf': 'mode: iptables\n',
    'kubeconfig.conf': `clusters:\n- cluster: { server: "https://${ENDPOINT.host}:${ENDPOINT.port}" }\n  name: default\n`,
  },
  'kube-public/cluster-info': {
    kubeconfig: `clusters:\n- cluster: { certificate-authority-data: aaa+w-1+aaa, server: "https://${ENDPOINT.host}:${ENDPOINT.port}" }\n  name: ""\n`,
    'jws-kubeconfig-abcdef': 'ey..w-1',
  },
});

export const healthyClusterFacts: ClusterFacts = {
  via: laneId('cp-1'),
  uid: '1b4e28ba',
  version: 'v1.36.3',
  nodes: Object.fromEntries(healthyExpected.nodes.map((node) => [node.name, nodeFact(node)])),
  configMaps: CONFIG_MAPS,
  apiEndpoints: controlPlanes.map(({ address }) => address),
  etcdMembers: known(controlPlanes.map(memberFact)),
  workloads: { 'kube-system/Deployment/coredns': spread, 'kube-system/Deployment/metrics-server': spread },
  bootstrapTokens: [],
};

export const healthyReach: ReachFacts = {
  apis: Object.fromEntries(controlPlanes.map(({ name }) => [name, known({ isReady: true, detail: 'HTTP 200: ok' })])),
  proxy: known({ answers: true, upstreams: controlPlanes.map(({ name }) => ({ name, status: 'UP', check: 'L7OK' })) }),
};

function answersOf(node: string): readonly InsideAnswer[] {
  const right = (question: InsideAnswer['question']): InsideAnswer => ({ node, question, isRight: true, detail: 'as it should be' });
  const others = healthyExpected.nodes.filter(({ name }) => name !== node);
  return [
    right({ ask: 'name' }),
    right({ ask: 'service' }),
    ...['cp-2', 'w-1'].map((podNode) => right({ ask: 'dns', pod: `coredns-${podNode}`, podNode })),
    ...others.map(({ name }) => right({ ask: 'peer', node: name })),
  ];
}

const podOn = (prefix: string, node: string) => ({ node, name: `${prefix}-${node}`, address: '10.244.0.9', isReady: true });

export const healthyInside: InsideFacts = {
  probePods: healthyExpected.nodes.map(({ name }) => podOn('probe', name)),
  dnsPods: ['cp-2', 'w-1'].map((node) => podOn('coredns', node)),
  answers: Object.fromEntries(healthyExpected.nodes.map(({ name }) => [name, known(answersOf(name))])),
  metrics: known({ nodes: healthyExpected.nodes.map(({ name }) => name), complaint: '' }),
};

/** Three control planes and a worker in which everything holds: what tests break one thing of. */
export const healthyInput: VerifyInput = {
  expected: healthyExpected,
  snapshot: { hosts: Object.fromEntries(healthyExpected.nodes.map((node) => [laneId(node.name), known(healthyHost(node))])), cluster: known(healthyClusterFacts) },
  reach: Object.fromEntries(healthyExpected.nodes.map(({ name }) => [name, known(healthyReach)])),
  inside: known(healthyInside),
  now: new Date('2026-06-01T00:00:00Z'),
};

/** The healthy cluster with one host's facts changed. */
export function withHost(name: string, change: (host: HostFacts) => Partial<HostFacts>): VerifyInput {
  const node = healthyExpected.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  const host = healthyHost(node);
  const hosts = { ...healthyInput.snapshot.hosts, [laneId(name)]: known({ ...host, ...change(host) }) };
  return { ...healthyInput, snapshot: { ...healthyInput.snapshot, hosts } };
}

/** The healthy cluster with the cluster's facts changed. */
export function withCluster(change: Partial<ClusterFacts>): VerifyInput {
  return { ...healthyInput, snapshot: { ...healthyInput.snapshot, cluster: known({ ...healthyClusterFacts, ...change }) } };
}
