import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pollUntil } from '../../src/util/poll.ts';
import { authorityOf, killApplyAt } from '../lab-support/kill-tool.ts';
import { kubewright, mustKubewright, startKubewright } from '../lab-support/kubewright.ts';
import { askEach } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { isControlPlane } from '../lab-support/shared-cluster.ts';
import { KILL_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const KILLS = 5;
const CUTS = 2;
/** A deployment on such machines takes 80 s and more. */
const EARLIEST_MS = 2000;
const LATEST_MS = 65_000;
/** A run that has lost a machine ends by itself, and soon: nobody wants to kill it. */
const ENDS_WITHIN_MS = 300_000;

/** All applied and verified, one authority, nothing left to do. */
const THE_END = { exitCode: 0, verify: 0, unverified: '', planned: 0, authorities: 1 };

const momentOf = (): number => randomInt(EARLIEST_MS, LATEST_MS);
const after = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Deaths at moments that nobody chose, each in a deployment of its own from bare machines. The moments are printed. */
describe('a deployment that dies', () => {
  const clusterFile = join(scratchDirectory(), 'cluster.yaml');
  let machines: readonly Machine[];

  beforeEach(async () => {
    await clearLab(KILL_LAB);
    machines = await raiseLab(KILL_LAB);
    await writeClusterFile(KILL_LAB.name, clusterFile);
  });

  afterAll(async () => clearLab(KILL_LAB));

  /** Applies again; gives the run, what verify says, the cluster's authorities, and whether anything is left to do. */
  const applyAgain = async () => {
    const { exitCode, stderr, seconds } = await kubewright(['apply', '-f', clusterFile, '--yes']);
    const verified = await kubewright(['verify', '-f', clusterFile]);
    const planned = await kubewright(['plan', '-f', clusterFile, '--exit-code']);
    const authorities = new Set((await askEach(machines.filter(isControlPlane), authorityOf)).values());
    console.log(`the next apply took ${seconds.toFixed(1)} s`);
    return { exitCode, stderr, verify: verified.exitCode, unverified: verified.exitCode === 0 ? '' : verified.stdout, planned: planned.exitCode, authorities: authorities.size };
  };

  it.each(Array.from({ length: KILLS }, (_, index) => [index + 1, momentOf()] as const))('killed, %i: after %i ms', async (_, ms) => {
    const began = performance.now();
    await killApplyAt(clusterFile, { look: async () => performance.now() - began >= ms });
    console.log(`apply was killed after ${after(ms)}`);
    expect(await applyAgain()).toMatchObject(THE_END);
  });

  it.each(Array.from({ length: CUTS }, (_, index) => [index + 1, momentOf()] as const))("one machine's power is cut, %i: after %i ms", async (_, ms) => {
    const victim = machines[randomInt(machines.length)]!;
    const running = startKubewright(['apply', '-f', clusterFile, '--yes']);
    const began = performance.now();
    const isTime = async (): Promise<true | undefined> => (performance.now() - began >= ms ? true : undefined);
    await pollUntil(isTime, { what: 'the moment', deadlineMs: 2 * LATEST_MS, everyMs: 100 });
    await mustKubewright(['lab', 'cut', '--name', victim.lab, victim.name]);
    const cutAt = performance.now();
    const { exitCode, stderr } = await running.ended;
    const endedMs = performance.now() - cutAt;
    console.log(`${victim.name} cut after ${after(ms)}: apply ended with ${exitCode} ${after(endedMs)} later`);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(victim.name);
    expect(endedMs).toBeLessThan(ENDS_WITHIN_MS);
    await mustKubewright(['lab', 'start', '--name', victim.lab, victim.name]);
    expect(await applyAgain()).toMatchObject(THE_END);
  });

  it('a run that lives is refused its machines once another has taken them over, and the other goes on from what it did', async () => {
    let isAtWork = false;
    const onLine = (line: string): void => void (isAtWork ||= line.includes('"type":"step.finished"'));
    const first = startKubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json'], { onLine });
    await pollUntil(async () => isAtWork || undefined, { what: 'the first step to be done', deadlineMs: LATEST_MS });
    const refused = await kubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json']);
    const [, run = ''] = /--take-over ([0-9a-f-]+)/.exec(refused.stderr) ?? [];
    expect({ exitCode: refused.exitCode, run }).toEqual({ exitCode: 8, run: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [ended, second] = await Promise.all([first.ended, kubewright(['apply', '-f', clusterFile, '--yes', '--take-over', run])]);
    console.log(`the first run ended with ${ended.exitCode} after ${ended.seconds.toFixed(1)} s, the second took ${second.seconds.toFixed(1)} s`);
    expect({ first: ended.exitCode, second: second.exitCode }, second.stderr).toEqual({ first: 8, second: 0 });
    expect(second.stderr).toContain(`taking the lock from run ${run}`);
    expect(await applyAgain()).toMatchObject(THE_END);
  });
});
