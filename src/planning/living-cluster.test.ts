import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { nodeFact } from '../facts/testing/fact-arbitraries.ts';
import { foreign } from '../model/foreign.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { planDeploy } from './plan-deploy.ts';
import type { ClusterEntry } from './testing/any-cluster.ts';
import { clusterOf, plainEntry } from './testing/any-cluster.ts';
import { inputFor } from './testing/deploy-input.ts';
import { livingSnapshot, withCluster, withHost } from './testing/living.ts';

const KUBEADM_CONFIG = 'kube-system/kubeadm-config';
const cluster = clusterOf(plainEntry);
const made = livingSnapshot(cluster);

/** The cluster after a run, its nodes registered with their addresses; kubeadm's configuration changed by somebody since. */
function living(configuration: object = {}): Snapshot {
  return withCluster(made, ({ nodes, configMaps }) => {
    const { ClusterConfiguration = '' } = configMaps[KUBEADM_CONFIG] ?? {};
    return {
      configMaps: { ...configMaps, [KUBEADM_CONFIG]: { ClusterConfiguration: foreign(stringify({ ...(parse(ClusterConfiguration) as object), ...configuration })) } },
      nodes: Object.fromEntries(
        Object.values(nodes).map((node) => [node.name, { ...node, internalIPs: plainEntry.nodes.flatMap(({ name, address }) => (name === node.name ? [address] : [])) }]),
      ),
    };
  });
}

const changes = (snapshot: Snapshot, entry: Partial<ClusterEntry> = {}): readonly string[] =>
  planDeploy(inputFor(clusterOf({ ...plainEntry, ...entry }), snapshot)).unsupported.map(({ where }) => where);

it('a cluster that is as the file says has nothing to refuse', () => expect(changes(living())).toEqual([]));

describe('what differs is refused, by its field', () => {
  it.each<readonly [field: string, configuration: object]>([
    ['metadata.name', { clusterName: 'other' }],
    ['spec.kubernetes.version', { kubernetesVersion: 'v1.35.1' }],
    ['spec.endpoint', { controlPlaneEndpoint: '10.0.0.11:6443' }],
    ['spec.endpoint', { controlPlaneEndpoint: undefined }],
    ['spec.network.podCIDR', { networking: { podSubnet: '10.200.0.0/16', serviceSubnet: '10.96.0.0/16' } }],
    ['spec.network.serviceCIDR', { networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.97.0.0/16' } }],
    ['spec.controlPlane.certSANs', { apiServer: { certSANs: ['old.example.com'] } }],
    ['spec.controlPlane.apiServer.extraArgs', { apiServer: { extraArgs: [{ name: 'event-ttl', value: '1h' }] } }],
    ['spec.controlPlane.controllerManager.extraArgs', { controllerManager: { extraArgs: [{ name: 'node-monitor-grace-period', value: '50s' }] } }],
    ['spec.controlPlane.scheduler.extraArgs', { scheduler: { extraArgs: [{ name: 'v', value: '4' }] } }],
    ['spec.controlPlane.etcd.extraArgs', { etcd: { local: { dataDir: '/var/lib/etcd', extraArgs: [{ name: 'quota-backend-bytes', value: '1' }] } } }],
  ])('%s', (field, configuration) => expect(changes(living(configuration))).toEqual([field]));

  it.each<readonly [field: string, entry: Partial<ClusterEntry>]>([
    ['spec.controlPlane.certSANs', { certSANs: ['k8s.example.com'] }],
    ['spec.controlPlane.apiServer.extraArgs', { extraArgs: { 'event-ttl': '2h' } }],
    ['spec.controlPlane.controllerManager.extraArgs', { controllerManager: { extraArgs: { 'node-monitor-period': '4s' } } }],
    ['spec.controlPlane.scheduler.extraArgs', { scheduler: { extraArgs: { v: '4' } } }],
    ['spec.controlPlane.etcd.extraArgs', { etcd: { extraArgs: { 'quota-backend-bytes': '1' } } }],
    ['spec.kubelet.config.maxPods', { kubelet: { maxPods: 200 } }],
    ['spec.kubeProxy.config.portRange', { kubeProxy: { portRange: '30000-30010' } }],
    ['node w-1', { nodes: plainEntry.nodes.map((node) => (node.name === 'w-1' ? { ...node, kubelet: { config: { maxPods: 200 } } } : node)) }],
    ['spec.addons.metricsServer.enabled', { metricsServer: false }],
    ['spec.network.plugin', { plugin: 'none' }],
    ['node w-1', { nodes: plainEntry.nodes.filter(({ name }) => name !== 'w-1') }],
    ['node w-1', { nodes: plainEntry.nodes.map((node) => (node.name === 'w-1' ? { ...node, address: '10.0.0.99' } : node)) }],
    ['node cp-3', { nodes: plainEntry.nodes.map((node) => (node.name === 'cp-3' ? { ...node, role: 'worker' } : node)) }],
    ['node w-1', { nodes: plainEntry.nodes.map((node) => (node.name === 'w-1' ? { ...node, role: 'control-plane' } : node)) }],
  ])('%s, changed in the file', (field, entry) => expect(new Set(changes(living(), entry))).toEqual(new Set([field])));

  it.each<readonly [what: string, node: string, change: object]>([
    ['another name', 'w-1', { name: 'w-9' }],
    ['another role', 'cp-3', { role: 'worker' }],
    ['another role', 'w-1', { role: 'control-plane' }],
  ])('%s of %s is told once, and nothing of a node of another cluster', (_what, node, change) => {
    const nodes = plainEntry.nodes.map((each) => (each.name === node ? { ...each, ...change } : each));
    expect(changes(living(), { nodes })).toEqual([`node ${node}`]);
  });

  it('a flag that the API server of a node runs without', () => {
    const running = withHost(living(), 'cp-2', () => ({ processes: [{ name: 'kube-apiserver', pid: 1, startTicks: 1, args: ['kube-apiserver', '--bind-address=0.0.0.0'] }] }));
    const nodes = plainEntry.nodes.map((node) => (node.name === 'cp-2' ? { ...node, apiServer: { extraArgs: { 'bind-address': '10.0.0.12' } } } : node));
    expect(changes(running, { nodes })).toEqual(['node cp-2']);
  });

  it('settings of one node that it joined with and that are changed in the file, or taken out of it', () => {
    const own = { controllerManager: { extraArgs: { 'bind-address': '10.0.0.12' } }, kubelet: { config: { maxPods: 200, resolvConf: '/etc/own' } } };
    const withOwn = (settings: object): Partial<ClusterEntry> => ({ nodes: plainEntry.nodes.map((node) => (node.name === 'cp-2' ? { ...node, ...settings } : node)) });
    const given = livingSnapshot(clusterOf({ ...plainEntry, ...withOwn(own) }));
    const whys = (settings: object): readonly string[] => planDeploy(inputFor(clusterOf({ ...plainEntry, ...withOwn(settings) }), given)).unsupported.map(({ why }) => why);
    expect(whys(own)).toEqual([]);
    expect(whys({ ...own, kubelet: { config: { maxPods: 100, resolvConf: '/etc/own' } } })).toEqual([
      expect.stringMatching(/the file says 100 for its kubelet's maxPods, it was given 200/),
    ]);
    expect(whys({})).toEqual([
      expect.stringMatching(/gives its kube-controller-manager --bind-address=10\.0\.0\.12, which the file does not have/),
      expect.stringMatching(/the file says nothing for its kubelet's maxPods, it was given 200/),
      expect.stringMatching(/resolvConf/),
    ]);
  });

  it('a node of the cluster that the file does not have, with the reason', () => {
    const [first] = planDeploy(
      inputFor(
        cluster,
        withCluster(living(), ({ nodes }) => ({ nodes: { ...nodes, old: nodeFact('old') } })),
      ),
    ).unsupported;
    expect(first).toEqual({ where: 'node old', why: expect.stringContaining('removal') });
  });

  it('all of them at once', () =>
    expect(changes(living({ clusterName: 'other', kubernetesVersion: 'v1' }), { metricsServer: false })).toEqual([
      'metadata.name',
      'spec.kubernetes.version',
      'spec.addons.metricsServer.enabled',
    ]));
});

describe('a new node is no change', () => {
  it.each(['control-plane', 'worker'] as const)('%s', (role) =>
    expect(changes(living(), { nodes: [...plainEntry.nodes, { name: 'new', address: '10.0.0.77', role, labels: {}, taints: [] }] })).not.toContain('node new'),
  );
});

it('a cluster whose kubeadm configuration is gone is refused: nobody can tell what it was made with', () => {
  const without = withCluster(living(), ({ configMaps }) => ({ configMaps: Object.fromEntries(Object.entries(configMaps).filter(([name]) => name !== KUBEADM_CONFIG)) }));
  expect(changes(without)).toEqual([KUBEADM_CONFIG]);
});

describe('settings that are written in other forms once they are in the cluster', () => {
  const kubelet = { maxPods: 200, syncFrequency: '90s', logging: { verbosity: 2 } };
  const given = livingSnapshot(clusterOf({ ...plainEntry, kubelet }));
  it('are compared by what was applied, not by what Go made of them', () => expect(changes(given, { kubelet })).toEqual([]));
  it('are refused when taken out of the file', () =>
    expect(changes(given)).toEqual(
      Object.keys(kubelet)
        .map((field) => `spec.kubelet.config.${field}`)
        .sort(),
    ));
});
