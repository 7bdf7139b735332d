import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { clusterOf, plainEntry } from '../planning/testing/any-cluster.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import type { AttemptEnd } from './deployment.ts';
import { applyOn, loadedOf, planOn } from './deployment.ts';
import { judgeWorld } from './judge-world.ts';
import { cutWithin, mishaps, withMishap } from './mishaps.ts';
import { SimWorld } from './sim-world.ts';
import { goOn } from './testing/go-on.ts';
import { pointsOf } from './testing/sweep-points.ts';

const SAMPLE = 3;
const cluster = clusterOf(plainEntry);
const loaded = loadedOf(cluster);
const newWorld = (): SimWorld => new SimWorld(cluster, new VirtualClock());
vi.setConfig({ testTimeout: 1_200_000 });

async function sweep(points: readonly number[], apply: (world: SimWorld, at: number) => Promise<AttemptEnd>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const at of points) {
    const world = newWorld();
    const { records } = await apply(world, at);
    const found = await goOn(world, loaded);
    problems.push(...found.map((problem) => `at ${at}, last record ${JSON.stringify(records.at(-1))}: ${problem}`));
  }
  return problems;
}

describe('three control planes and a worker', async () => {
  const whole = newWorld();
  const moments: number[] = [];
  const halfDone: number[] = [];
  whole.onMoment = (machine, number) => {
    moments.push(number);
    if (machine.has(INIT_MARK) || machine.has(JOIN_MARK)) halfDone.push(number);
  };
  const { records, outcome } = await applyOn(whole, loaded);
  const all = records.map((_record, index) => index + 1);
  const ofMembership = all.filter((at) => !JSON.stringify(records[at - 1]).includes('/prepare"'));

  it('are deployed, and nothing is left to do', async () => {
    expect(outcome).toMatchObject({ result: 'succeeded', exitCode: 0 });
    expect((await planOn(whole, loaded)).plan.steps).toEqual([]);
    expect(await judgeWorld(whole, cluster)).toEqual([]);
  });

  it.each(Object.values(mishaps).map((mishap, turn) => ({ ...mishap, turn })))('are deployed though $name right after a record', async ({ turn, ...mishap }) => {
    expect(await sweep(pointsOf(all, ofMembership, { sample: SAMPLE, turn }), (world, at) => withMishap(world, loaded, { mishap, at }))).toEqual([]);
  });

  it('are deployed though the power goes within a script, and the operator with it', async () => {
    expect(await sweep(pointsOf(moments, halfDone, { sample: SAMPLE, turn: 1 }), (world, at) => cutWithin(world, loaded, at))).toEqual([]);
  });
});
