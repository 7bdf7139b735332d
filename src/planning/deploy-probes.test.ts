import { expect, it } from 'vitest';
import type { HostFacts } from '../facts/host-facts.ts';
import { mergeProbes } from '../facts/probe-request.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { known } from '../plan/fact.ts';
import { planDeploy } from './plan-deploy.ts';
import { clusterOf, plainEntry } from './testing/any-cluster.ts';
import { inputFor, requestsFor } from './testing/deploy-input.ts';
import { livingSnapshot, withHost } from './testing/living.ts';

const cluster = clusterOf(plainEntry);

const only = <T>(facts: Readonly<Record<string, T>>, asked: readonly string[]): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => asked.includes(name)));

/** The snapshot as an observation gives it: without what was not asked for. */
function asObserved(snapshot: Snapshot): Snapshot {
  const asked = mergeProbes(requestsFor(cluster));
  const seen = (facts: HostFacts): HostFacts => ({
    ...facts,
    files: only(facts.files, asked.files),
    units: only(facts.units, asked.units),
    sysctls: only(facts.sysctls, asked.sysctls),
    packages: only(facts.packages, asked.packages),
  });
  return { ...snapshot, hosts: Object.fromEntries(Object.entries(snapshot.hosts).map(([lane, fact]) => [lane, fact.state === 'known' ? known(seen(fact.value)) : fact])) };
}

it('everything that a plan for a living cluster reads was asked for', () => {
  const { plan, refused, unsupported, obscured } = planDeploy(inputFor(cluster, asObserved(livingSnapshot(cluster))));
  expect({ steps: plan.steps.map(({ id }) => id), refused, unsupported, obscured }).toEqual({ steps: [], refused: [], unsupported: [], obscured: undefined });
});

it('everything is asked for by which units are seen to run with other files', () => {
  const living = cluster.nodes.reduce(
    (snapshot, { name }) =>
      withHost(snapshot, name, ({ units }) => ({ units: Object.fromEntries(Object.entries(units).map(([unit, fact]) => [unit, { ...fact, startedWith: 'other files' }])) })),
    livingSnapshot(cluster),
  );
  const { plan, refused } = planDeploy(inputFor(cluster, asObserved(living)));
  expect(refused).toEqual([]);
  expect(plan.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(cluster.nodes.flatMap(({ name }) => [`${name}/prepare`, `${name}/proxy`, `${name}/kubelet`])));
});
