import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Action } from '../actions/action.ts';
import { kindOf } from '../actions/kinds.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { anyHost, anyPlatform } from '../facts/testing/fact-arbitraries.ts';
import type { Cluster } from '../model/cluster.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Slot, TextRef } from '../plan/plan.ts';
import { laneId } from '../plan/plan.ts';
import { planDeploy } from './plan-deploy.ts';
import type { ClusterEntry } from './testing/any-cluster.ts';
import { cases } from './testing/cases.ts';
import { anyClusterEntry, clusterOf } from './testing/any-cluster.ts';
import { bareMachines, inputFor, requestsFor } from './testing/deploy-input.ts';
import { foldPlan, settle } from './testing/fold-plan.ts';

// Clusters are large, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });
const RUNS = cases(10);

const references = {
  slotsOf: (action: Action) =>
    kindOf(action)
      .script()
      .inputs.filter((input): input is Slot => 'slot' in input),
  textsOf: (action: Action) =>
    kindOf(action)
      .script()
      .inputs.filter((input): input is TextRef => 'text' in input),
};

/** A cluster, and machines on which nothing is installed: what they are differs. */
interface Beginning {
  readonly entry: ClusterEntry;
  readonly cluster: Cluster;
  readonly snapshot: Snapshot;
}

const anyBeginning: Arbitrary<Beginning> = anyClusterEntry({ controlPlanes: 5, workers: 6 }).chain((entry) => {
  const cluster = clusterOf(entry);
  const bare = bareMachines(cluster);
  return fc.array(anyPlatform, { minLength: cluster.nodes.length, maxLength: cluster.nodes.length }).map((platforms) => {
    const hosts = Object.entries(bare.hosts).map(([lane, fact], index) => {
      if (fact.state !== 'known') return [lane, fact] as const;
      const { platform, ...facts } = fact.value;
      return [lane, known({ ...facts, platform: { ...platform, ...platforms[index] } })] as const;
    });
    return { entry, cluster, snapshot: { ...bare, hosts: Object.fromEntries(hosts) } };
  });
});

describe('a plan from machines on which nothing is installed', () => {
  it('is well-formed, and refuses nothing', () => {
    fc.assert(
      fc.property(anyBeginning, ({ cluster, snapshot }) => {
        const { plan, refused, unsupported, obscured } = planDeploy(inputFor(cluster, snapshot));
        expect(checkPlan(plan, references)).toEqual([]);
        expect({ refused, unsupported, obscured }).toEqual({ refused: [], unsupported: [], obscured: undefined });
        expect(plan.steps.filter(({ id }) => id.endsWith('/init'))).toHaveLength(1);
        for (const { name } of cluster.nodes) expect(plan.steps.some(({ id }) => id === `${name}/join` || id === `${name}/init`)).toBe(true);
      }),
      RUNS,
    );
  });

  it('leaves nothing to do: planned again from what it predicts there is no step', () => {
    fc.assert(
      fc.property(anyBeginning, ({ cluster, snapshot }) => {
        const { plan } = planDeploy(inputFor(cluster, snapshot));
        const after = foldPlan(plan, snapshot);
        for (const facts of [after, settle(after)]) {
          const again = planDeploy(inputFor(cluster, facts));
          expect(again.plan.steps.map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
          expect(again.refused).toEqual([]);
          expect(again.unsupported).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('is the same bytes whatever the order of nodes in the file', () => {
    const shuffled = anyBeginning.chain((beginning) =>
      fc
        .shuffledSubarray([...beginning.entry.nodes], { minLength: beginning.entry.nodes.length })
        .map((nodes) => ({ ...beginning, other: clusterOf({ ...beginning.entry, nodes }) })),
    );
    fc.assert(
      fc.property(shuffled, ({ cluster, other, snapshot }) => {
        const hosts = Object.fromEntries(Object.entries(snapshot.hosts).reverse());
        expect(JSON.stringify(planDeploy(inputFor(other, { ...snapshot, hosts })))).toBe(JSON.stringify(planDeploy(inputFor(cluster, snapshot))));
      }),
      RUNS,
    );
  });
});

describe('on any facts', () => {
  const anySituation = anyClusterEntry({ controlPlanes: 3, workers: 2 }).chain((entry) => {
    const cluster = clusterOf(entry);
    const requests = requestsFor(cluster);
    const hosts = fc.record(Object.fromEntries(cluster.nodes.map(({ name }) => [name, anyHost(name, requests).map(known)])));
    return hosts.map((all) => ({ cluster, snapshot: { hosts: all, cluster: unknown('no API server answered') } }));
  });

  it('asks for no fact that the observation was not told to bring', () => {
    fc.assert(
      fc.property(anySituation, ({ cluster, snapshot }) => {
        const missed: string[] = [];
        const watched = Object.fromEntries(Object.entries(snapshot.hosts).map(([lane, fact]) => [lane, fact.state === 'known' ? known(watch(fact.value, missed)) : fact]));
        planDeploy(inputFor(cluster, { ...snapshot, hosts: watched }));
        expect(missed).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is well-formed or says why there is no plan', () => {
    fc.assert(
      fc.property(anySituation, ({ cluster, snapshot }) => {
        const { plan } = planDeploy(inputFor(cluster, snapshot));
        expect(checkPlan(plan, references)).toEqual([]);
      }),
      RUNS,
    );
  });
});

/** The facts, noting each question that has no answer in them. */
function watch(facts: HostFacts, missed: string[]): HostFacts {
  const watched = <T extends object>(what: string, map: T): T =>
    new Proxy(map, {
      get: (target, key, receiver): unknown => {
        if (typeof key === 'string' && !Object.hasOwn(target, key)) missed.push(`${what} ${key}`);
        return Reflect.get(target, key, receiver);
      },
    });
  const { files, units, sysctls, packages } = facts;
  return { ...facts, files: watched('file', files), units: watched('unit', units), sysctls: watched('sysctl', sysctls), packages: watched('package', packages) };
}

describe('secrets', () => {
  it('stand in no plan: neither values nor their patterns, only slots', () => {
    fc.assert(
      fc.property(anyBeginning, ({ cluster, snapshot }) => {
        const { plan } = planDeploy(inputFor(cluster, snapshot));
        const json = JSON.stringify(plan);
        expect(json).not.toMatch(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/);
        expect(json).not.toMatch(/PRIVATE KEY|client-key-data|sha256:[0-9a-f]{64}"?,"?token/);
        for (const [digest, text] of Object.entries(plan.texts)) expect(text, digest).not.toMatch(/KUBEWRIGHT-SLOT|token: (?!$)\S/);
        const provided = new Set(plan.steps.flatMap(({ provides }) => provides));
        const secrets = plan.steps.flatMap(({ actions }) => actions.flatMap(({ action }) => references.slotsOf(action).filter(({ secret }) => secret)));
        for (const { slot } of secrets) expect(provided).toContain(slot);
      }),
      RUNS,
    );
  });
});

describe('machines that were observed as something', () => {
  it('keep their lanes: every step runs on a node of the file or on any control plane', () => {
    fc.assert(
      fc.property(anyBeginning, ({ cluster, snapshot }) => {
        const lanes = new Set(cluster.nodes.map(({ name }) => laneId(name)));
        for (const { on } of planDeploy(inputFor(cluster, snapshot)).plan.steps) expect('lane' in on ? lanes.has(on.lane) : on.anyOf === 'control-planes').toBe(true);
      }),
      RUNS,
    );
  });
});
