import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { manifestPath } from '../facts/kubernetes-paths.ts';
import type { DeployPlan } from '../planning/step-types.ts';
import { anyClusterEntry, clusterOf, plainEntry } from '../planning/testing/any-cluster.ts';
import { JOIN_MARK } from '../shell/remote-paths.ts';
import type { Hooks } from './deployment.ts';
import { applyOn, loadedOf } from './deployment.ts';
import { judgeWorld } from './judge-world.ts';
import type { Mishap } from './mishaps.ts';
import { cutWithin, mishaps, powerUp, withMishap } from './mishaps.ts';
import { SimWorld } from './sim-world.ts';
import { changeTexts, withoutGates, withoutSteps } from './testing/defects.ts';
import { goOn } from './testing/go-on.ts';
import { isWhole } from './testing/sweep-points.ts';

vi.setConfig({ testTimeout: 1_200_000 });
const numRuns = isWhole ? 300 : 3;

interface Case {
  readonly entry: Parameters<typeof clusterOf>[0];
  readonly mishap: Mishap;
  /** After how many records of how many. */
  readonly share: number;
}

const anyCase: Arbitrary<Case> = fc.record({
  entry: anyClusterEntry({ controlPlanes: 5, workers: 6 }),
  mishap: fc.constantFrom(...Object.values(mishaps)),
  share: fc.integer({ min: 1, max: 99 }),
});

/** Records that a deployment of one machine makes, about: the share of all of them is where the mishap comes. */
const RECORDS_PER_NODE = 100;

it('any cluster is deployed whatever befalls its first apply', async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ entry, mishap, share }) => {
      const loaded = loadedOf(clusterOf(entry));
      const world = new SimWorld(loaded.cluster, new VirtualClock());
      const at = Math.ceil((entry.nodes.length * RECORDS_PER_NODE * share) / 100);
      await withMishap(world, loaded, { mishap, at });
      expect(await goOn(world, loaded)).toEqual([]);
    }),
    { numRuns },
  );
});

const loaded = loadedOf(clusterOf(plainEntry));

/** A world in which the join of cp-3 died when its member was a voting one already. */
async function worldWithHalfJoined(): Promise<SimWorld> {
  const world = new SimWorld(loaded.cluster, new VirtualClock());
  await cutWithin(world, loaded, await promotedAt);
  return world;
}

const promotedAt = findPromotion();

/** The moment right after the member of cp-3 was made a voting one. */
async function findPromotion(): Promise<number> {
  const world = new SimWorld(loaded.cluster, new VirtualClock());
  const votes: number[] = [];
  world.onMoment = (machine, moment) => {
    if (machine.name === 'cp-3' && machine.has(JOIN_MARK) && world.memberOf(machine)?.isLearner === false) votes.push(moment);
  };
  await applyOn(world, loaded);
  return votes[0] ?? 0;
}

describe('the quorum of etcd', () => {
  const repairWhileOneIsDown = async (hooks: Hooks): Promise<SimWorld> => {
    const world = await worldWithHalfJoined();
    world.machine('cp-2').cut();
    await applyOn(world, loaded, hooks);
    return world;
  };

  it('is kept: a half-joined member is removed only when the others can write without it', async () => {
    const world = await repairWhileOneIsDown({});
    expect(world.violations).toEqual([]);
    powerUp(world);
    expect(await goOn(world, loaded)).toEqual([]);
  });

  it('is seen to be lost by a plan without gates', async () => {
    expect((await repairWhileOneIsDown({ change: withoutGates })).violations).toEqual(['etcd loses its quorum with the member of cp-3']);
  });
});

describe('a defect is noticed', () => {
  const address = '10.0.0.11';
  it.each<readonly [defect: string, change: (plan: DeployPlan) => DeployPlan, expected: string]>([
    [
      "a node's address in the shared configuration",
      (plan) => changeTexts(plan, /kind: ClusterConfiguration/, (text) => text.replace('extraArgs: []', `extraArgs:\n    - name: advertise-address\n      value: ${address}`)),
      'does not carry its own identity',
    ],
    ["a node's name in every kubelet's patch", (plan) => changeTexts(plan, /# resolvConf/, (text) => `${text}# of cp-1\n`), 'holds a value of cp-1'],
    ['tokens that are not revoked', withoutSteps(/^cluster\/tokens$/), 'is not revoked'],
    ['nodes that nobody waits for', withoutSteps(/^w-1\/join$/), 'still to do: w-1/join'],
  ])('%s', async (_defect, change, expected) => {
    expect((await goOn(new SimWorld(loaded.cluster, new VirtualClock()), loaded, { change })).join('\n')).toContain(expected);
  });

  it.each<readonly [defect: string, change: (plan: DeployPlan) => DeployPlan, expected: string]>([
    ['a machine that is joined again without being cleaned', withoutSteps(/\/clean$/), 'already exists'],
    ['a machine that is wiped before its member is removed', withoutSteps(/\/forget$/), 'the data of member cp-3 is wiped while it is listed'],
  ])('in a repair: %s', async (_defect, change, expected) => {
    expect((await goOn(await worldWithHalfJoined(), loaded, { change })).join('\n')).toContain(expected);
  });

  it.each<readonly [wrong: string, make: (world: SimWorld) => void, expected: string]>([
    ['a second init', (world) => world.done('init', 'cp-1'), 'init succeeded 2 times'],
    ['a second join', (world) => world.done('join', 'w-1'), 'w-1 joined 2 times'],
    ['a place among the members that was not given back', (world) => world.done('member added', 'cp-2'), 'members of cp-2: added 2, removed 0'],
    ['a member that is no more', (world) => (world.machine('cp-2').etcdMemberId = undefined), 'etcd-health cp-2'],
    [
      "another's manifest",
      (world) => world.machine('cp-2').write(manifestPath('kube-apiserver'), world.machine('cp-1').text(manifestPath('kube-apiserver'))),
      'manifest-identity cp-2',
    ],
    ['a mark of half-done work', (world) => world.machine('w-1').write(JOIN_MARK, ''), 'is left on w-1'],
  ])('in the world: %s', async (_wrong, make, expected) => {
    const world = new SimWorld(loaded.cluster, new VirtualClock());
    await applyOn(world, loaded);
    make(world);
    expect((await judgeWorld(world, loaded.cluster)).join('\n')).toContain(expected);
  });
});
