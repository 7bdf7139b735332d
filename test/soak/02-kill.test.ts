import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorityOf, killApplyAt, runsKubeadm, timesAdded, timesStarted } from '../lab-support/kill-tool.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import { askEach, read } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { isControlPlane } from '../lab-support/shared-cluster.ts';
import { KILL_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const PROXY = 'kubewright-api-proxy.service';
const PROXY_CONFIG = '/etc/kubewright/api-proxy.cfg';

/** Bar 5, whole: the tool dies while init runs, while a join runs, and between a changed file and its restart. One cluster, from bare machines. */
describe('the tool is killed', () => {
  const clusterFile = join(scratchDirectory(), 'cluster.yaml');
  let machines: readonly Machine[];
  let controlPlanes: readonly Machine[];
  let authority: string;

  beforeAll(async () => {
    await clearLab(KILL_LAB);
    machines = await raiseLab(KILL_LAB);
    controlPlanes = machines.filter(isControlPlane);
    await writeClusterFile(KILL_LAB.name, clusterFile);
  });

  afterAll(async () => clearLab(KILL_LAB));

  const running = async (verb: 'init' | 'join'): Promise<Machine | undefined> => {
    const runs = await askEach(controlPlanes, (machine) => runsKubeadm(machine, verb));
    return controlPlanes.find(({ name }) => runs.get(name));
  };
  const starts = async (of: (machine: Machine) => string): Promise<number> => {
    const counts = await askEach(controlPlanes, (machine) => timesStarted(machine, of(machine)));
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  };
  /** What the proxy's process was last given, and what its file is now. */
  const proxyInputs = async (machine: Machine): Promise<{ readonly started: string; readonly now: string }> => ({
    started: (await read(machine, `sed -n 's|^${PROXY_CONFIG} ||p' /run/kubewright/inputs/${PROXY}`)).trim(),
    now: (await read(machine, `sha256sum < ${PROXY_CONFIG} | cut -d' ' -f1`)).trim(),
  });

  it('while kubeadm init runs: init goes on', async () => {
    await killApplyAt(clusterFile, { look: async () => (await running('init')) !== undefined });
    expect(await running('init')).toBeDefined();
  });

  it('while kubeadm join runs, in the run that goes on from there: the join goes on', async () => {
    await killApplyAt(clusterFile, { look: async () => (await running('join')) !== undefined });
    const joining = await running('join');
    expect(joining).toBeDefined();
    authority = await authorityOf(joining!);
  });

  it('the next apply ends with the whole cluster, verified', async () => {
    const again = await kubewright(['apply', '-f', clusterFile, '--yes']);
    expect(again.exitCode, `${again.stderr}\n${again.stdout.slice(-3000)}`).toBe(0);
    const verified = await kubewright(['verify', '-f', clusterFile]);
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
  });

  it('init ran once in the whole cluster, each join once, and each member was added once', async () => {
    expect(await starts(({ name }) => `${name}/init`)).toBe(1);
    expect(await starts(({ name }) => `${name}/join`)).toBe(controlPlanes.length - 1);
    const added = await askEach(controlPlanes, async (joined) => Math.max(...(await Promise.all(controlPlanes.map((witness) => timesAdded(witness, joined))))));
    // The first member was not added to anything.
    expect([...added.values()].toSorted((a, b) => a - b).slice(1)).toEqual(controlPlanes.slice(1).map(() => 1));
    expect(new Set((await askEach(controlPlanes, authorityOf)).values())).toEqual(new Set([authority]));
  });

  it('between a changed file and its restart: the next apply does not forget the restart', async () => {
    const worker = machines.find((machine) => !isControlPlane(machine))!;
    await read(worker, `echo '# by hand' >> ${PROXY_CONFIG} && systemctl reload ${PROXY}`);
    const byHand = await proxyInputs(worker);
    expect(byHand.started).toBe(byHand.now);
    await killApplyAt(clusterFile, { line: (line) => line.includes(`"step":"${worker.name}/prepare"`) && line.includes('"type":"action.finished"') });
    const between = await proxyInputs(worker);
    expect(between.now).not.toBe(byHand.now);
    expect(between.started).toBe(byHand.now);
    const again = await kubewright(['apply', '-f', clusterFile, '--yes']);
    expect(again.exitCode, again.stderr).toBe(0);
    const after = await proxyInputs(worker);
    expect(after).toEqual({ started: between.now, now: between.now });
    expect((await kubewright(['plan', '-f', clusterFile, '--exit-code'])).exitCode).toBe(0);
  });
});
