import { afterAll, beforeAll, expect, it } from 'vitest';
import { audited } from './audit.ts';
import type { Audited } from './audit.ts';
import { kubewright, mustKubewright } from './kubewright.ts';
import { LOOKED_WITHIN_SECONDS, LOOKS, lookDuringOutage } from './outage-looks.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';
import { isControlPlane, operatorOf, sharedCluster } from './shared-cluster.ts';
import type { Outage } from './power-cut.ts';
import { SETTLED_AFTER_MS, awaitLoss, startAndAwait, watchOutage } from './power-cut.ts';
import { removeProbePods, startProbePods } from './probe-pods.ts';
import { failed, from, inWords, slowest } from './samples.ts';
import type { Machine } from './test-lab.ts';

const ANSWERS_WITHIN_MS = 5000;

export interface OutageOptions {
  readonly choose: (machines: readonly Machine[]) => Promise<Machine>;
  /** For how long everything is tried: more than the minute that is asked. */
  readonly watchedMs: number;
  readonly report?: (figures: OutageFigures) => void;
}

/** What must hold when a control plane loses its power and gets it back: tests of the group that calls this. */
export function outageTests({ choose, watchedMs, report = () => undefined }: OutageOptions): void {
  let outage: Outage;
  let seen: Audited;
  let operator: OperatorKubectl;
  let victim: Machine;

  beforeAll(async () => {
    const cluster = sharedCluster();
    victim = await choose(cluster.machines);
    operator = await operatorBeside(victim);
    const pods = await startProbePods(operator);
    await mustKubewright(['lab', 'cut', '--name', victim.lab, victim.name]);
    // The audit is of the same time: those who use the cluster meanwhile are watched.
    [outage, seen] = await Promise.all([
      watchOutage({ machines: cluster.machines, victim, operator, pods, watchedMs }),
      awaitLoss(victim, operator).then(() => audited(['-f', cluster.clusterFile])),
    ]);
    for (const [what, samples] of outage) console.log(`${victim.name} cut; ${what}: ${inWords(samples)}`);
  });

  afterAll(async () => removeProbePods(operator));

  const triesOf = (what: string) => [...outage].filter(([name]) => name.startsWith(what));

  it('kubectl get nodes with the kubeconfig of every other node answers within 5 s, all the time', () => {
    for (const [what, samples] of triesOf('nodes')) {
      expect(failed(samples), what).toEqual([]);
      expect(slowest(samples), what).toBeLessThan(ANSWERS_WITHIN_MS);
    }
  });

  it('pods on every other node resolve names without one failure from 60 s on', () => {
    for (const [what, samples] of triesOf('a name')) expect(failed(from(samples, SETTLED_AFTER_MS)), what).toEqual([]);
  });

  it('kubectl top nodes works without one failure from 60 s on', () => {
    for (const [what, samples] of triesOf('top nodes')) expect(failed(from(samples, SETTLED_AFTER_MS)), what).toEqual([]);
  });

  it('the audit completes, finds the node that is down, and says what it could not see', () => {
    console.log(`${victim.name} without power: audit in ${seen.seconds.toFixed(1)} s`);
    expect(seen.report.unknown.map(({ node }) => node)).toContain(victim.name);
    expect(seen.codes).toContain('node-not-ready');
    expect(seen.report.findings.filter(({ code }) => code.startsWith('shared-'))).toEqual([]);
  });

  it.each(LOOKS)('%s answers within 10 s, and says what it could not see', async (...words) => {
    const { seconds, exitCode, unseen, said } = await lookDuringOutage(words);
    console.log(`${victim.name} without power: ${words.join(' ')} in ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(LOOKED_WITHIN_SECONDS);
    expect(exitCode, said).toBe(4);
    expect(unseen, said).toContain(victim.name);
  });

  it('started again, all is well again', async () => {
    const seconds = await startAndAwait(victim, operator);
    const { exitCode, stdout, stderr } = await kubewright(['verify', '-f', sharedCluster().clusterFile]);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    console.log(`${victim.name} started; all ready after ${seconds.toFixed(1)} s`);
    report({ victim: victim.name, tries: Object.fromEntries([...outage].map(([what, samples]) => [what, inWords(samples)])), readyAfterSeconds: Math.round(seconds) });
  });

  it('and there is nothing to do for apply', async () => {
    const { stdout } = await mustKubewright(['plan', '-f', sharedCluster().clusterFile, '-o', 'json']);
    expect((JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps).toEqual([]);
  });
}

export interface OutageFigures {
  readonly victim: string;
  readonly tries: Readonly<Record<string, string>>;
  readonly readyAfterSeconds: number;
}

/** An administrator whose kubeconfig names another control plane than the one that is about to be cut. */
async function operatorBeside(victim: Machine): Promise<OperatorKubectl> {
  const cluster = sharedCluster();
  const other = cluster.machines.find((machine) => isControlPlane(machine) && machine.name !== victim.name)!;
  return { ...(await operatorOf(cluster)), server: `https://${other.address}:6443` };
}
