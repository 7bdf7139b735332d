import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSchema } from '../../src/contract/plan.ts';
import { audited } from '../lab-support/audit.ts';
import { listingChanges } from '../lab-support/file-listing.ts';
import { enterForeignNamespace, plantForeignThings } from '../lab-support/foreign-things.ts';
import { kubewright, mustKubewright } from '../lab-support/kubewright.ts';
import { LEFT_BY_RESET, machineContents } from '../lab-support/machine-contents.ts';
import { read } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { RESET_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const ALLOW = ['--allow', `reset=${RESET_LAB.name}`];

/** Issue 6, bar 6, one case: a cluster of one machine comes and goes. `make soak` has four machines, a reset that dies, and another cluster on the same machines. */
describe('a machine from which its cluster is taken', () => {
  const clusterFile = join(scratchDirectory(), 'cluster.yaml');
  let machine: Machine;
  let before: ReadonlyMap<string, string>;

  beforeAll(async () => {
    await clearLab(RESET_LAB);
    const [only] = await raiseLab(RESET_LAB);
    machine = only!;
    await writeClusterFile(RESET_LAB.name, clusterFile);
    // Nothing here needs it, and a deployment waits for it.
    await writeFile(clusterFile, (await readFile(clusterFile, 'utf8')).replace(/(metricsServer:\s+enabled:) true/, '$1 false'));
    await plantForeignThings(machine);
    before = await machineContents(machine);
    await mustKubewright(['apply', '-f', clusterFile, '--yes']);
  });

  afterAll(() => clearLab(RESET_LAB));

  it('audits clean as long as it has it', async () => {
    const { exitCode, report } = await audited(['-f', clusterFile]);
    expect({ exitCode, ...report }).toMatchObject({ exitCode: 0, ok: true, findings: [], unknown: [] });
  });

  it('is not touched by --yes alone, nor by a plan that is only shown, which lists what goes', async () => {
    const unnamed = await kubewright(['reset', '-f', clusterFile, '--yes']);
    expect(unnamed.exitCode, unnamed.stderr).toBe(2);
    expect(unnamed.stderr).toContain(`--allow reset=${RESET_LAB.name}`);
    const { stdout } = await mustKubewright(['reset', '-f', clusterFile, '--dry-run', '-o', 'json']);
    const [step] = planSchema.parse(JSON.parse(stdout)).steps;
    const commands = step!.actions.map(({ command }) => command).join('\n');
    for (const part of ['rm /etc/systemd/system/kubelet.service', 'find /etc/kubernetes -mindepth 1 -delete', 'ip link delete cni0', '/etc/crictl.yaml   # file 640 root:root'])
      expect(commands).toContain(part);
    expect((await kubewright(['plan', '-f', clusterFile, '--exit-code'])).exitCode).toBe(0);
  });

  it('is as it was, but for what the report says stays', async () => {
    const { stdout, seconds } = await mustKubewright(['reset', '-f', clusterFile, '--yes', ...ALLOW]);
    console.log(`reset of one machine: ${seconds.toFixed(1)} s`);
    const changes = listingChanges(before, await machineContents(machine));
    expect(changes.filter((change) => !LEFT_BY_RESET.test(change))).toEqual([]);
    expect(await enterForeignNamespace(machine)).toContain('lo:');
    expect(stdout).toContain('stays on cp-1:\n  /var/lib/kubewright with its lock');
  });

  it('has nothing more to give back', async () => {
    const { stdout } = await mustKubewright(['reset', '-f', clusterFile, '--yes', ...ALLOW]);
    expect(stdout).toContain('nothing to do: no machine holds anything of the cluster');
  });

  it('is refused where it holds a node that this tool did not make', async () => {
    await read(machine, 'mkdir -p /etc/kubernetes; echo theirs > /etc/kubernetes/kubelet.conf');
    const { exitCode, stderr } = await kubewright(['reset', '-f', clusterFile, '--yes', ...ALLOW]);
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain('cp-1: it holds a node, and no ledger of this tool says what was there before');
    expect(await read(machine, 'cat /etc/kubernetes/kubelet.conf')).toBe('theirs\n');
  });
});
