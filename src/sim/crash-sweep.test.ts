import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../engine/testing/virtual-clock.ts';
import { clusterOf, plainEntry } from '../planning/testing/any-cluster.ts';
import { applyOn, loadedOf, planOn } from './deployment.ts';
import type { AttemptEnd } from './deployment.ts';
import { judgeWorld } from './judge-world.ts';
import { applyCutWithin, applyWithMishap, mishaps } from './mishaps.ts';
import { SimWorld } from './sim-world.ts';

const isWhole = process.env['KUBEWRIGHT_SWEEP'] === 'all';
const cluster = clusterOf(plainEntry);
const loaded = loadedOf(cluster);
const newWorld = (): SimWorld => new SimWorld(cluster, new VirtualClock());
vi.setConfig({ testTimeout: 600_000 });

/** Goes on after a mishap with one more `apply`, which must reach the end; nothing is left to do then. */
async function goOn(world: SimWorld): Promise<readonly string[]> {
  try {
    const { outcome } = await applyOn(world, loaded);
    const failed = outcome?.failed.map(({ step, error }) => `${step}: ${error.message} ${error.details.join(' ')}`) ?? [];
    const { plan, refused } = await planOn(world, loaded);
    return [
      ...failed,
      ...plan.steps.map(({ id, why }) => `still to do: ${id}: ${why}`),
      ...refused.map(({ id, why }) => `${id} is refused: ${why}`),
      ...(await judgeWorld(world, cluster)),
    ];
  } catch (error) {
    return [error instanceof Error ? `${error.message} ${JSON.stringify((error as { details?: unknown }).details)} ${error.stack}` : String(error)];
  }
}

const points = (last: number, some: number): readonly number[] => {
  const every = isWhole ? 1 : Math.max(1, last / some);
  return Array.from({ length: Math.floor(last / every) }, (_, index) => Math.round((index + 1) * every));
};

async function sweep(last: number, some: number, apply: (world: SimWorld, at: number) => Promise<AttemptEnd>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const at of points(last, some)) {
    const world = newWorld();
    const { records } = await apply(world, at);
    const found = await goOn(world);
    problems.push(...found.map((problem) => `after ${at} (${JSON.stringify(records[at - 1] ?? records.at(-1))}): ${problem}`));
  }
  return problems;
}

describe('a deployment', async () => {
  const world = newWorld();
  const { records, outcome } = await applyOn(world, loaded);
  let moments = 0;
  const counted = newWorld();
  counted.onMoment = (_machine, number) => (moments = number);
  await applyOn(counted, loaded);

  it('without a mishap comes to its end, and leaves nothing to do', async () => {
    expect(outcome).toMatchObject({ result: 'succeeded', exitCode: 0 });
    expect((await planOn(world, loaded)).plan.steps).toEqual([]);
    expect(await judgeWorld(world, cluster)).toEqual([]);
  });

  it.each(Object.values(mishaps))('after any record: $name', async (mishap) => {
    expect(await sweep(records.length, 8, (fresh, at) => applyWithMishap(fresh, loaded, { mishap, at }))).toEqual([]);
  });

  it('cut within a script', async () => {
    expect(await sweep(moments, 8, (fresh, at) => applyCutWithin(fresh, loaded, at))).toEqual([]);
  });
});
