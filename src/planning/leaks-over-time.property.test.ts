import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { hostOf } from '../facts/snapshot.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { laneId } from '../plan/plan.ts';
import { canonicalJson } from '../util/canonical-json.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployPlan } from './step-types.ts';
import type { ClusterEntry, NodeEntry } from './testing/any-cluster.ts';
import { cases } from './testing/cases.ts';
import { anyClusterEntry, clusterOf } from './testing/any-cluster.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { foldPlan, settle } from './testing/fold-plan.ts';
import { departed } from './testing/living.ts';
import { nodeBytes, sharedBytes } from './testing/plan-bytes.ts';

vi.setConfig({ testTimeout: 120_000 });
const RUNS = cases(5);
const UPSTREAMS = '/etc/kubewright/api-proxy.cfg';

/** What the planner is asked at one moment: a file with these nodes, machines as they are. */
type Planner = (entry: ClusterEntry, snapshot: Snapshot) => DeployPlan;
const planner: Planner = (entry, snapshot) => planDeploy(inputFor(clusterOf(entry), snapshot)).plan;

/** A life of a cluster: its nodes after each run. Nodes come in any order, and go, those included that were there first; one control plane is always there. */
interface Life {
  readonly entry: ClusterEntry;
  readonly stages: readonly (readonly NodeEntry[])[];
}

/** Each number says who comes or goes next: a node that is there goes, one that is not comes. */
const anyLife: Arbitrary<Life> = anyClusterEntry({ controlPlanes: 7, workers: 2 }).chain((entry) =>
  fc.array(fc.nat(), { minLength: 1, maxLength: 6 }).map((numbers) => {
    const first = entry.nodes.filter(({ role }) => role === 'control-plane').slice(0, 1);
    const stages = numbers.reduce<readonly (readonly NodeEntry[])[]>((all, number) => [...all, changedBy(all.at(-1) ?? first, entry.nodes, number)], [first]);
    return { entry, stages };
  }),
);

function changedBy(now: readonly NodeEntry[], all: readonly NodeEntry[], number: number): readonly NodeEntry[] {
  const node = all[number % all.length];
  if (node === undefined) return now;
  const without = now.filter(({ name }) => name !== node.name);
  if (without.length === now.length) return [...now, node];
  return without.some(({ role }) => role === 'control-plane') ? without : now;
}

interface Moment {
  readonly nodes: readonly NodeEntry[];
  readonly plan: DeployPlan;
}

/** The runs of a life, each planned from what the one before has left; who is no longer in the file has been removed before. */
function live(plan: Planner, { entry, stages }: Life): readonly Moment[] {
  let snapshot: Snapshot | undefined;
  return stages.map((nodes) => {
    const now = { ...entry, nodes };
    const cluster = clusterOf(now);
    const bare = bareMachines(cluster);
    const gone = Object.keys(snapshot?.hosts ?? {}).filter((lane) => !nodes.some(({ name }) => name === lane));
    const left = snapshot === undefined ? bare : gone.reduce((facts, name) => departed(facts, cluster, name), snapshot);
    const seen: Snapshot = { ...left, hosts: Object.fromEntries(nodes.map(({ name }) => [laneId(name), left.hosts[laneId(name)] ?? hostOf(bare, laneId(name))])) };
    const made = plan(now, seen);
    snapshot = settle(foldPlan(made, seen));
    return { nodes, plan: made };
  });
}

/** The shared documents as they stand at the end: of one that was written again, the last. By kind, namespace and name. */
function sharedState(moments: readonly Moment[]): string {
  const documents = new Map<string, unknown>();
  for (const { plan } of moments)
    for (const text of sharedBytes(plan).split('---\n')) {
      const document = parse(text) as { readonly kind?: string; readonly metadata?: { readonly namespace?: string; readonly name?: string } } | null;
      if (document !== null) documents.set(`${document.kind} ${document.metadata?.namespace} ${document.metadata?.name}`, document);
    }
  return canonicalJson(Object.fromEntries(documents));
}

const marksOf = ({ name, address }: NodeEntry): readonly string[] => [name, address];

const rules = {
  'no value of a node in shared state, at any time': (plan: Planner) =>
    fc.property(anyLife, (life) =>
      live(plan, life).every((moment) => {
        const shared = sharedBytes(moment.plan);
        return life.entry.nodes.flatMap(marksOf).every((mark) => !shared.includes(mark));
      }),
    ),
  'no value of a node in files of another, at any time; the upstreams of the proxy are the control planes of now': (plan: Planner) =>
    fc.property(anyLife, (life) =>
      live(plan, life).every((moment) =>
        moment.nodes.every((node) =>
          nodeBytes(moment.plan, node.name).every(({ path, text }) => {
            const others = life.entry.nodes.filter(({ name }) => name !== node.name);
            const allowed = path === UPSTREAMS ? moment.nodes.filter(({ role }) => role === 'control-plane') : [];
            return (
              others.every((other) => allowed.includes(other) || marksOf(other).every((mark) => !text.includes(mark))) && allowed.every(({ address }) => text.includes(address))
            );
          }),
        ),
      ),
    ),
  'shared state is the same bytes by whatever way the cluster came to its nodes': (plan: Planner) =>
    fc.property(anyLife, (life) => {
      // Replicas of add-ons may share a node only while there is one.
      fc.pre(life.stages.every((nodes) => nodes.length > 1) || life.stages.every((nodes) => nodes.length === 1) || (life.stages.at(-1)?.length ?? 0) > 1);
      const last = life.stages.at(-1) ?? [];
      return sharedState(live(plan, life)) === sharedState(live(plan, { ...life, stages: [last] }));
    }),
};

describe.each(Object.entries(rules))('%s', (_rule, property) => {
  it('holds', () => {
    const { failed, counterexample, seed } = fc.check(property(planner) as fc.IPropertyWithHooks<unknown>, RUNS);
    const [life] = (counterexample ?? []) as readonly Life[];
    expect(failed ? { seed, stages: life?.stages.map((nodes) => nodes.map(({ name }) => name)), entry: life?.entry } : undefined).toBeUndefined();
  });
});

/** A planner whose texts are changed by what the file says at that moment. */
function leaking(change: (text: string, entry: ClusterEntry) => string): Planner {
  return (entry, snapshot) => {
    const plan = planner(entry, snapshot);
    return { ...plan, texts: Object.fromEntries(Object.entries(plan.texts).map(([digest, text]) => [digest, change(text, entry)])) };
  };
}

const mutants: readonly (readonly [leak: string, planner: Planner, rule: keyof typeof rules])[] = [
  [
    'L1: the first node of the file as the endpoint',
    leaking((text, { nodes }) => text.replace(/^controlPlaneEndpoint: .*$/m, `controlPlaneEndpoint: ${nodes[0]?.address}:6443`)),
    'no value of a node in shared state, at any time',
  ],
  [
    'L22: upstreams of the first run for ever',
    (() => {
      const first = new WeakMap<object, string>();
      return leaking((text, entry) => {
        if (!text.includes('backend checked')) return text;
        const kept = first.get(entry.certSANs) ?? text;
        first.set(entry.certSANs, kept);
        return kept;
      });
    })(),
    'no value of a node in files of another, at any time; the upstreams of the proxy are the control planes of now',
  ],
  [
    'L21: the number of machines in a shared document',
    leaking((text, { nodes }) => text.replace(/^kind: KubeletConfiguration$/m, `kind: KubeletConfiguration\nmaxPods: ${nodes.length}`)),
    'shared state is the same bytes by whatever way the cluster came to its nodes',
  ],
];

describe('a leak is noticed', () => {
  it.each(mutants)('%s', (_leak, mutant, rule) => {
    const { failed } = fc.check(rules[rule](mutant) as fc.IPropertyWithHooks<unknown>, { numRuns: 100, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
