import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { stringify } from 'yaml';
import { releases } from '../../catalogue/catalogue.ts';
import type { Cluster } from '../../model/cluster.ts';
import { loadCluster } from '../../spec/load-cluster.ts';

/** One node as the cluster file has it. Every value of it is its own: it occurs nowhere else by chance. */
export interface NodeEntry {
  readonly name: string;
  readonly address: string;
  readonly role: 'control-plane' | 'worker';
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  readonly apiServer?: ComponentEntry;
  readonly controllerManager?: ComponentEntry;
  readonly scheduler?: ComponentEntry;
  readonly etcd?: ComponentEntry;
  readonly kubelet?: { readonly config: Readonly<Record<string, unknown>> };
}

interface ComponentEntry {
  readonly extraArgs: Readonly<Record<string, string>>;
}

export interface ClusterEntry {
  readonly nodes: readonly NodeEntry[];
  readonly plugin: 'flannel' | 'none';
  readonly certSANs: readonly string[];
  /** Of the API servers. */
  readonly extraArgs: Readonly<Record<string, string>>;
  readonly controllerManager?: ComponentEntry;
  readonly scheduler?: ComponentEntry;
  readonly etcd?: ComponentEntry;
  readonly kubeProxy?: Readonly<Record<string, unknown>>;
  readonly kubelet: Readonly<Record<string, unknown>>;
  readonly metricsServer: boolean;
  readonly proxy?: object | undefined;
  readonly registries?: object;
}

const optional = <T>(value: T): Arbitrary<T | undefined> => fc.constantFrom(undefined, value);

/** Settings of one control plane's components, each with its address. */
function ownComponents(address: string): Partial<NodeEntry> {
  const bound = { extraArgs: { 'bind-address': address } };
  return { apiServer: bound, controllerManager: bound, scheduler: bound, etcd: { extraArgs: { 'listen-metrics-urls': `http://127.0.0.1:2381,http://${address}:2381` } } };
}

/** A node whose name, address, labels, taints, flags and kubelet settings carry its number in forms that nothing else has. */
function anyNode(number: number, role: NodeEntry['role']): Arbitrary<NodeEntry> {
  const mark = `${role === 'worker' ? 'w' : 'c'}q${number}z`;
  const address = `10.${role === 'worker' ? 78 : 77}.${100 + number}.${200 - number}`;
  return fc.record({ label: fc.boolean(), taint: fc.boolean(), args: fc.boolean(), config: fc.boolean() }).map(({ label, taint, args, config }) => ({
    name: `node-${mark}`,
    address,
    role,
    labels: label ? { [`label-${mark}`]: `value-${mark}` } : {},
    taints: taint ? [`taint-${mark}=v-${mark}:NoSchedule`] : [],
    ...(args && role === 'control-plane' && ownComponents(address)),
    ...(config && { kubelet: { config: { address, providerID: `provider-${mark}`, maxPods: 90 + number } } }),
  }));
}

const FEW = 4;

/** Now and then as many as there may be: large clusters take their time. */
const mostlyFew = (most: number): Arbitrary<number> =>
  most <= FEW ? fc.nat({ max: most }) : fc.oneof({ weight: 19, arbitrary: fc.nat({ max: FEW }) }, { weight: 1, arbitrary: fc.integer({ min: FEW, max: most }) });

const anyNodes = (most: { readonly controlPlanes: number; readonly workers: number }): Arbitrary<readonly NodeEntry[]> =>
  fc.tuple(fc.integer({ min: 1, max: most.controlPlanes }), mostlyFew(most.workers)).chain(([controlPlanes, workers]) => {
    const nodes = [
      ...Array.from({ length: controlPlanes }, (_, index) => anyNode(index + 1, 'control-plane')),
      ...Array.from({ length: workers }, (_, index) => anyNode(index + 1, 'worker')),
    ];
    return fc.tuple(...nodes).chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
  });

/** Any cluster file that is valid, its nodes in any order. */
export function anyClusterEntry(most = { controlPlanes: 7, workers: 50 }): Arbitrary<ClusterEntry> {
  return fc.record({
    nodes: anyNodes(most),
    plugin: fc.constantFrom('flannel', 'flannel', 'none'),
    certSANs: fc.subarray(['k8s.example.com', '203.0.113.7']),
    extraArgs: fc.constantFrom({}, { 'event-ttl': '2h' }, { 'event-ttl': '2h', 'request-timeout': '70s' }),
    kubelet: fc
      .record({ maxPods: optional(200), serializeImagePulls: optional(false), evictionHard: optional({ 'memory.available': '100Mi' }) })
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))),
    metricsServer: fc.boolean(),
    controllerManager: fc.constantFrom({ extraArgs: {} }, { extraArgs: { 'node-monitor-period': '4s' } }, { extraArgs: { 'node-monitor-grace-period': '20s' } }),
    scheduler: fc.constantFrom({ extraArgs: {} }, { extraArgs: { 'kube-api-qps': '60' } }),
    etcd: fc.constantFrom({ extraArgs: {} }, { extraArgs: { 'quota-backend-bytes': '4294967296' } }),
    proxy: fc.constantFrom(undefined, { httpsProxy: 'http://proxy.example.com:3128', noProxy: ['.example.com'] }),
    registries: fc.constantFrom({}, { 'docker.io': { mirrors: ['https://mirror.example.com'] } }),
    kubeProxy: fc.constantFrom({}, { conntrack: { tcpCloseWaitTimeout: '30m' }, iptables: { minSyncPeriod: '2s' } }),
  });
}

function clusterFile({ nodes, plugin, certSANs, extraArgs, kubelet, metricsServer, kubeProxy = {}, ...entry }: ClusterEntry): string {
  const { controllerManager, scheduler, etcd, proxy, registries = {} } = entry;
  const file = {
    apiVersion: 'kubewright.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'demo' },
    spec: {
      kubernetes: { version: '1.36.3' },
      network: { plugin, podCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/16' },
      controlPlane: { certSANs, apiServer: { extraArgs }, controllerManager, scheduler, etcd },
      kubelet: { config: kubelet },
      kubeProxy: { config: kubeProxy },
      ...(proxy !== undefined && { proxy }),
      registries,
      addons: { metricsServer: { enabled: metricsServer } },
      nodes,
    },
  };
  return stringify(file, { aliasDuplicateObjects: false });
}

/** The cluster of a generated file. Throws when the file is not valid: the generator is wrong then. */
export function clusterOf(entry: ClusterEntry): Cluster {
  const loaded = loadCluster(clusterFile(entry), 'cluster.yaml', { releases, home: '/home/ops' });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.cluster;
}

/** Three control planes and a worker, plain. */
export const plainEntry: ClusterEntry = {
  nodes: [
    ...[1, 2, 3].map((number) => ({ name: `cp-${number}`, address: `10.0.0.${10 + number}`, role: 'control-plane' as const, labels: {}, taints: [] })),
    { name: 'w-1', address: '10.0.0.21', role: 'worker', labels: {}, taints: [] },
  ],
  plugin: 'flannel',
  certSANs: [],
  extraArgs: {},
  kubelet: {},
  metricsServer: true,
};
