import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { HostFacts, PlatformFacts } from '../facts/host-facts.ts';
import { ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import { INIT_MARK } from '../shell/remote-paths.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { hostOf } from '../facts/snapshot.ts';
import type { Cluster } from '../model/cluster.ts';
import { known } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployPlan } from './step-types.ts';
import type { ClusterEntry, NodeEntry } from './testing/any-cluster.ts';
import { cases } from './testing/cases.ts';
import { anyClusterEntry, clusterOf } from './testing/any-cluster.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { nodeBytes, sharedBytes } from './testing/plan-bytes.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Where the set of control planes is allowed to stand. */
const UPSTREAMS = '/etc/kubewright/api-proxy.cfg';
const RUNS = cases(8);

/** From machines to a plan: the real planner, or one with a leak. */
type Planner = (cluster: Cluster, snapshot: Snapshot) => DeployPlan;
const planner: Planner = (cluster, snapshot) => planDeploy(inputFor(cluster, snapshot)).plan;

interface Situation {
  readonly entry: ClusterEntry;
  readonly cluster: Cluster;
  readonly snapshot: Snapshot;
}

const anySituation: Arbitrary<Situation> = anyClusterEntry().map((entry) => {
  const cluster = clusterOf(entry);
  return { entry, cluster, snapshot: bareMachines(cluster) };
});

function withHost(snapshot: Snapshot, name: string, change: (facts: HostFacts) => Partial<HostFacts>): Snapshot {
  const fact = hostOf(snapshot, laneId(name));
  if (fact.state !== 'known') throw new Error(`${name} is not known`);
  return { ...snapshot, hosts: { ...snapshot.hosts, [name]: known({ ...fact.value, ...change(fact.value) }) } };
}

/** What belongs to one node alone: its name, address, labels, taints, kubelet settings. Flags of its components carry its address. */
function marksOf({ name, address, labels, taints, kubelet }: NodeEntry): readonly string[] {
  return [name, address, ...Object.entries(labels).flat(), ...taints.map((taint) => taint.split('=')[0] ?? ''), ...[kubelet?.config['providerID'] ?? []].flat().map(String)];
}

const isFileOfAdmin = { type: 'file', sha256: 'x', sizeBytes: 1, mode: '600', owner: 'root:root' } as const;

/** An init that died on this node: there it is begun again. */
const begunOn = (snapshot: Snapshot, name: string): Snapshot =>
  withHost(snapshot, name, ({ files }) => ({ files: { ...files, [ADMIN_CONF]: isFileOfAdmin, [INIT_MARK]: isFileOfAdmin } }));

/** Facts of a host that settings follow from, without those from which all nodes together decide (facts/decisions). */
const anyTraits: Arbitrary<Partial<PlatformFacts>> = fc.record({
  cgroup: fc.constantFrom('v1', 'v2'),
  hasCapSysResource: fc.boolean(),
  openFilesHardLimit: fc.constantFrom(20_000, 1_048_576),
  isSwapOn: fc.boolean(),
  isResolvedActive: fc.boolean(),
});

/** The rules, each a property of a planner: true where it holds for every generated cluster. */
const rules = {
  'no value of a node in shared state': (plan: Planner) =>
    fc.property(anySituation, ({ entry, cluster, snapshot }) => {
      const shared = sharedBytes(plan(cluster, snapshot));
      return entry.nodes.flatMap(marksOf).every((mark) => !shared.includes(mark));
    }),
  'shared state is the same bytes whoever begins': (plan: Planner) =>
    fc.property(anySituation, ({ entry, cluster, snapshot }) => {
      const beginners = entry.nodes.filter(({ role }) => role === 'control-plane').map(({ name }) => name);
      const shared = beginners.map((name) => {
        const made = plan(cluster, begunOn(snapshot, name));
        if (!made.steps.some(({ id }) => id === `${name}/init`)) throw new Error(`${name} does not begin`);
        return sharedBytes(made);
      });
      return new Set(shared).size === 1;
    }),
  'shared state is the same bytes whatever one host is': (plan: Planner) =>
    fc.property(anySituation, fc.nat(), anyTraits, ({ entry, cluster, snapshot }, index, traits) => {
      const { name } = entry.nodes[index % entry.nodes.length] ?? { name: '' };
      const other = withHost(snapshot, name, ({ platform }) => ({ platform: { ...platform, ...traits } }));
      return sharedBytes(plan(cluster, other)) === sharedBytes(plan(cluster, snapshot));
    }),
  'shared state is the same bytes however many machines and whatever their addresses, as long as they decide alike': (plan: Planner) =>
    fc.property(anySituation, fc.nat({ max: 3 }), ({ entry, cluster, snapshot }, kept) => {
      const controlPlanes = entry.nodes.filter(({ role }) => role === 'control-plane');
      const workers = entry.nodes.filter(({ role }) => role === 'worker');
      // One node or more: replicas of add-ons spread over two nodes as soon as there are two.
      fc.pre(entry.nodes.length > 1 && controlPlanes.length + Math.min(kept, workers.length) > 1);
      const fewer = {
        ...entry,
        nodes: [
          ...controlPlanes.map(({ role, labels, taints }, index) => ({ role, labels, taints, name: `other-${index}`, address: `172.16.0.${index + 1}` })),
          ...workers.slice(0, kept),
        ],
      };
      const other = clusterOf(fewer);
      return sharedBytes(plan(other, bareMachines(other))) === sharedBytes(plan(cluster, snapshot));
    }),
  'no value of a node in files of another, but for the upstreams of the proxy': (plan: Planner) =>
    fc.property(anySituation, ({ entry, cluster, snapshot }) => {
      const made = plan(cluster, snapshot);
      return entry.nodes.every((node) =>
        nodeBytes(made, node.name).every(({ path, text }) => {
          const others = entry.nodes.filter(({ name }) => name !== node.name);
          const foreign = others.flatMap((other) => marksOf(other).filter((mark) => path !== UPSTREAMS || other.role === 'worker' || ![other.name, other.address].includes(mark)));
          return foreign.every((mark) => !text.includes(mark));
        }),
      );
    }),
  "a node's files are the same bytes whatever another host is": (plan: Planner) =>
    fc.property(anySituation, anyTraits, ({ entry, cluster, snapshot }, traits) => {
      const [first, second] = entry.nodes;
      if (first === undefined || second === undefined) return true;
      const other = withHost(snapshot, second.name, ({ platform }) => ({ platform: { ...platform, ...traits } }));
      return JSON.stringify(nodeBytes(plan(cluster, other), first.name)) === JSON.stringify(nodeBytes(plan(cluster, snapshot), first.name));
    }),
};

describe.each(Object.entries(rules))('%s', (_rule, property) => {
  it('holds', () => {
    const { failed, counterexample, seed } = fc.check(property(planner) as fc.IPropertyWithHooks<unknown>, RUNS);
    const [situation] = (counterexample ?? []) as readonly Situation[];
    expect(failed ? { seed, entry: situation?.entry } : undefined).toBeUndefined();
  });
});

/** A planner with every text of its plan changed, by what it knows of the node that begins and of its host. */
function leaking(change: (text: string, init: NodeEntry, host: HostFacts) => string): Planner {
  return (cluster, snapshot) => {
    const plan = planner(cluster, snapshot);
    const name = plan.steps.find(({ id }) => id.endsWith('/init'))?.id.replace('/init', '') ?? '';
    const node = cluster.nodes.find((candidate) => candidate.name === name);
    const fact = hostOf(snapshot, laneId(name));
    if (node === undefined || fact.state !== 'known') return plan;
    const init: NodeEntry = { name, address: node.address.openFor(node.name), role: 'control-plane', labels: {}, taints: [] };
    return { ...plan, texts: Object.fromEntries(Object.entries(plan.texts).map(([digest, text]) => [digest, change(text, init, fact.value)])) };
  };
}

/** Known leaks (numbers of the project's list of leaks), each put into the real planner's bytes, with the rules that must notice. */
const mutants: readonly (readonly [leak: string, planner: Planner, rule: keyof typeof rules])[] = [
  [
    "L0: advertise-address of the init node in all API servers' flags",
    leaking((text, { address }) => text.replace(/^apiServer:$/m, `apiServer:\n  # advertise-address ${address}`)),
    'no value of a node in shared state',
  ],
  [
    'L1: controlPlaneEndpoint is the init node',
    leaking((text, { address }) => text.replace(/^controlPlaneEndpoint: .*$/m, `controlPlaneEndpoint: ${address}:6443`)),
    'shared state is the same bytes whoever begins',
  ],
  [
    'L1 again, by its mark',
    leaking((text, { address }) => text.replace(/^controlPlaneEndpoint: .*$/m, `controlPlaneEndpoint: ${address}:6443`)),
    'no value of a node in shared state',
  ],
  [
    "L9: a node's name in the add-ons' labels",
    leaking((text, { name }) =>
      text.replaceAll('k8s-app: metrics-server', `k8s-app: metrics-server\n  made-by: ${name}`).replaceAll('app: flannel', `app: flannel\n  made-by: ${name}`),
    ),
    'no value of a node in shared state',
  ],
  [
    "L31: the init host's resolver for all kubelets",
    leaking((text, _init, { platform }) => (platform.isResolvedActive ? text.replace('resolvConf: /etc/resolv.conf', 'resolvConf: /run/systemd/resolve/resolv.conf') : text)),
    'shared state is the same bytes whatever one host is',
  ],
  [
    "L35: the init host's swap for all kubelets",
    leaking((text, _init, { platform }) => text.replace(/^kind: KubeletConfiguration$/m, `kind: KubeletConfiguration\nfailSwapOn: ${String(!platform.isSwapOn)}`)),
    'shared state is the same bytes whatever one host is',
  ],
  [
    "L30: the init node's kubelet setting in the configuration of all kubelets",
    leaking((text, { address }) => text.replace(/^kind: KubeletConfiguration$/m, `kind: KubeletConfiguration\naddress: ${address}`)),
    'no value of a node in shared state',
  ],
  [
    "the init node's flag in the patches of all control planes",
    leaking((text, { address }) => text.replaceAll(/--bind-address=[\d.]+/g, `--bind-address=${address}`)),
    'no value of a node in files of another, but for the upstreams of the proxy',
  ],
  [
    'L21: the number of machines in a shared document',
    (cluster, snapshot) => {
      const plan = planner(cluster, snapshot);
      return {
        ...plan,
        texts: Object.fromEntries(
          Object.entries(plan.texts).map(([digest, text]) => [
            digest,
            text.replace(/^kind: ClusterConfiguration$/m, `kind: ClusterConfiguration\n# ${cluster.nodes.length} machines`),
          ]),
        ),
      };
    },
    'shared state is the same bytes however many machines and whatever their addresses, as long as they decide alike',
  ],
  [
    "L10: the init node's bind-address in every node's patch",
    leaking((text, { address }) => text.replace(/^# resolvConf: .*$/m, `# bind-address: ${address}`)),
    'no value of a node in files of another, but for the upstreams of the proxy',
  ],
  [
    "the init host's cgroups in every node's patch",
    leaking((text, _init, { platform }) => text.replace(/^# resolvConf: .*$/m, `# ${platform.cgroup}`)),
    "a node's files are the same bytes whatever another host is",
  ],
];

describe('a leak is noticed', () => {
  it.each(mutants)('%s', (_leak, mutant, rule) => {
    const { failed } = fc.check(rules[rule](mutant) as fc.IPropertyWithHooks<unknown>, { numRuns: 100, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
