import { describe, expect, it } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import { loadCluster } from './load-cluster.ts';
import { formatProblem } from './problem.ts';
import { clusterText, controlPlane, loadOptions } from './testing/cluster-texts.ts';

const POOL = 'role: worker, labels: { disk: fast, zone: a }, taints: ["dedicated=storage:NoSchedule", "slow:PreferNoSchedule"], ssh: { port: 2222, jump: bastion }';
const member = (rest = ''): string => `{ name: w-1, address: 10.0.0.21, pool: storage${rest} }`;

function load(pool: string, ...nodes: readonly string[]) {
  return loadCluster(clusterText({ spec: `pools: { storage: { ${pool} } }`, nodes: [controlPlane(1), ...nodes] }), 'cluster.yaml', loadOptions);
}

function clusterOf(...parts: Parameters<typeof load>): Cluster {
  const result = load(...parts);
  if (!result.ok) throw new Error(result.problems.flatMap(formatProblem).join('\n'));
  return result.cluster;
}

function problemsOf(...parts: Parameters<typeof load>): readonly string[] {
  const result = load(...parts);
  return (result.ok ? result.warnings : result.problems).map(({ code, path, message }) => `${code} at ${path}: ${message}`);
}

function worker(cluster: Cluster) {
  const node = cluster.nodes.find(({ name }) => name === 'w-1');
  if (node === undefined) throw new Error('no w-1');
  return { role: node.role, labels: node.labels.openFor(node.name), taints: node.taints.openFor(node.name), ssh: cluster.sshOf.get(node.name) };
}

describe('a node of a pool', () => {
  it('has what the pool says', () => {
    expect(worker(clusterOf(POOL, member()))).toEqual({
      role: 'worker',
      labels: { disk: 'fast', zone: 'a' },
      taints: [
        { key: 'dedicated', value: 'storage', effect: 'NoSchedule' },
        { key: 'slow', value: '', effect: 'PreferNoSchedule' },
      ],
      ssh: { user: 'root', port: 2222, jump: 'bastion' },
    });
  });

  it('says more exactly what it says itself', () => {
    const own = member(', labels: { zone: b }, taints: ["dedicated=backup:NoSchedule"], ssh: { port: 22 }');
    expect(worker(clusterOf(POOL, own))).toEqual({
      role: 'worker',
      labels: { disk: 'fast', zone: 'b' },
      taints: [
        { key: 'dedicated', value: 'backup', effect: 'NoSchedule' },
        { key: 'slow', value: '', effect: 'PreferNoSchedule' },
      ],
      ssh: { user: 'root', port: 22, jump: 'bastion' },
    });
  });

  it('is the node that is written out without a pool', () => {
    const written = '{ name: w-1, address: 10.0.0.21, role: worker, labels: { disk: fast, zone: a }, taints: ["dedicated=storage:NoSchedule", "slow:PreferNoSchedule"] }';
    expect(digestOfCluster(clusterOf(POOL, member()))).toBe(digestOfCluster(clusterOf('role: worker', written)));
  });

  it('counts as the control plane that its pool makes it', () => {
    const { controlPlanes } = clusterOf('role: control-plane', member(), '{ name: w-2, address: 10.0.0.22, pool: storage }');
    expect(controlPlanes.members.map(({ name }) => name)).toEqual(['cp-1', 'w-1', 'w-2']);
  });
});

describe('what is wrong with pools', () => {
  it.each<readonly [what: string, pool: string, node: string, problems: readonly string[]]>([
    ['a role from nowhere', 'labels: {}', member(), ['key-missing at spec.nodes[1].role: spec.nodes[1].role is missing: neither w-1 nor its pool storage has one']],
    ['a wrong role, told once', 'role: master', member(), ['value-not-allowed at spec.pools.storage.role: role "master" is not control-plane or worker']],
    ['no such pool', POOL, member().replace('storage', 'storge'), ['pool-unknown at spec.nodes[1].pool: w-1 names the pool storge, which is not there']],
    ['a name of Object', POOL, member().replace('storage', 'constructor'), ['pool-unknown at spec.nodes[1].pool: w-1 names the pool constructor, which is not there']],
    [
      'reserved marks, told where they are written',
      'role: worker, labels: { kubernetes.io/os: linux }, taints: ["a:NoExecute", "a=1:NoExecute"]',
      member(),
      [
        'label-reserved at spec.pools.storage.labels["kubernetes.io/os"]: label kubernetes.io/os of pool storage is reserved',
        'taint-duplicate at spec.pools.storage.taints[1]: pool storage has the taint a:NoExecute twice',
      ],
    ],
    [
      'settings of an API server on a worker of a pool',
      POOL,
      member(', apiServer: {}'),
      ['component-on-worker at spec.nodes[1].apiServer: w-1 is a worker and has settings of kube-apiserver'],
    ],
  ])('%s', (_, pool, node, problems) => {
    expect(problemsOf(pool, node)).toEqual(problems);
  });
});
