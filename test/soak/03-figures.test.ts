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
    // What is measured is measured alone: no test comes after these.
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
  const cache = scratchDirectory();
  const figures: Record<string, unknown> = {};
  const demo = async (env: Readonly<Record<string, string>>): Promise<Ended> => start('make', ['demo'], { cwd: ROOT, env }).ended;

  afterAll(async () => {
    keepFigures('demo', figures);
    await kubewright(['lab', 'down', '--name', 'demo']);
  });

  it('starts where there is no lab of that name: somebody may work with it', async () => {
    const { stdout } = await kubewright(['lab', 'list', '-o', 'json']);
    const { machines } = JSON.parse(stdout) as { readonly machines: readonly { readonly lab: string }[] };
    expect(machines.filter(({ lab }) => lab === 'demo')).toEqual([]);
  });

  it.each([
    ['coldSeconds', { KUBEWRIGHT_CACHE: cache }],
    ['againSeconds', { KUBEWRIGHT_CACHE: cache }],
  ])('%s', async (name, env) => {
    const { exitCode, stdout, stderr, seconds } = await demo(env);
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`).toBe(0);
    figures[name] = round(seconds);
  });

  it('warmSeconds', async () => {
    await kubewright(['lab', 'down', '--name', 'demo']);
    const { exitCode, stdout, stderr, seconds } = await demo({ KUBEWRIGHT_CACHE: cache });
    expect(exitCode, `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`).toBe(0);
    figures['warmSeconds'] = round(seconds);
  });
});
