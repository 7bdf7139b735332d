import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFigures } from '../lab-support/figures.ts';
import { ROOT, kubewright, start } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { FIGURES_LAB, SHARED_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/** One line of the table with which apply ends: host, round trips, sent, received. */
const TRAFFIC = /^((?:cp|w)-\d+) +(\d+) +([\d.]+ [kM]B) +([\d.]+ [kM]B)$/gm;

function trafficIn(text: string): readonly object[] {
  return [...text.matchAll(TRAFFIC)].map(([, host, roundTrips, sent, received]) => ({ host, roundTrips: Number(roundTrips), sent, received }));
}

/** Bar 7: what things take, on this machine with nothing else to do. */
describe('figures of a deployment', () => {
  const lab = FIGURES_LAB;
  const clusterFile = join(scratchDirectory(), 'cluster.yaml');
  const figures: Record<string, unknown> = {};

  beforeAll(async () => {
    // What is measured is measured alone: no test of the shared cluster comes after these.
    await clearLab(SHARED_LAB);
    await clearLab(lab);
    const began = performance.now();
    await raiseLab(lab);
    figures['labUpSeconds'] = round((performance.now() - began) / 1000);
    await writeClusterFile(lab.name, clusterFile);
  });

  afterAll(async () => {
    keepFigures('deployment', figures);
    await clearLab(lab);
  });

  const take = async (name: string, ...words: readonly string[]): Promise<Ended> => {
    const ended = await kubewright([...words, '-f', clusterFile]);
    figures[`${name}Seconds`] = round(ended.seconds);
    return ended;
  };

  it('apply from bare machines', async () => {
    const { exitCode, stdout, stderr } = await take('apply', 'apply', '--yes');
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr}`).toBe(0);
    figures['traffic'] = trafficIn(stdout);
    expect(figures['traffic']).toHaveLength(lab.controlPlanes + lab.workers);
  });

  it.each<readonly [name: string, ...words: readonly string[]]>([
    ['verify', 'verify'],
    ['applyWithoutChange', 'apply', '--yes'],
    ['plan', 'plan'],
  ])('%s', async (name, ...words) => {
    const { exitCode, stdout, stderr } = await take(name, ...words);
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr}`).toBe(0);
  });
});

describe('figures of the demo', () => {
  const caches = scratchDirectory();
  // Nothing that an earlier build has left, the compiler's own caches neither.
  const env = { KUBEWRIGHT_CACHE: join(caches, 'kubewright'), GOCACHE: join(caches, 'go-build'), GOMODCACHE: join(caches, 'go-mod') };
  const figures: Record<string, unknown> = {};
  let isOurs = false;

  beforeAll(async () => {
    const { stdout } = await kubewright(['lab', 'list', '-o', 'json']);
    const { machines } = JSON.parse(stdout) as { readonly machines: readonly { readonly lab: string }[] };
    if (machines.some(({ lab }) => lab === 'demo')) throw new Error('there is a lab demo, and somebody may work with it: remove it with kubewright lab down --name demo');
    isOurs = true;
  });

  afterAll(async () => {
    if (!isOurs) return;
    keepFigures('demo', figures);
    await kubewright(['lab', 'down', '--name', 'demo']);
  });

  it.each([
    ['coldSeconds', 'with nothing built'],
    ['againSeconds', 'with all there'],
    ['warmSeconds', 'with all built and no machine'],
  ])('%s: %s', async (name) => {
    if (name === 'warmSeconds') await kubewright(['lab', 'down', '--name', 'demo']);
    const { exitCode, stdout, stderr, seconds } = await start('make', ['demo'], { cwd: ROOT, env }).ended;
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`).toBe(0);
    figures[name] = round(seconds);
  });
});
