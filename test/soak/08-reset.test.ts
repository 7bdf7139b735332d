import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listingChanges } from '../lab-support/file-listing.ts';
import { GUEST, enterForeignNamespace, plantForeignNamespaces, plantForeignThings, startGuest } from '../lab-support/foreign-things.ts';
import { kubewright, mustKubewright, startKubewright } from '../lab-support/kubewright.ts';
import { LEFT_BY_RESET, machineContents } from '../lab-support/machine-contents.ts';
import { askEach, read } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { SUDO_USER, addSudoUser } from '../lab-support/sudo-users.ts';
import { RESET_LAB, clearLab, journalDirectory, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const LAB = { ...RESET_LAB, controlPlanes: 3, workers: 1 };
const OTHER = `${LAB.name}-other`;

/** Taken as a user who becomes root with sudo. */
const BY_SUDO = 'w-1';

/** Issue 6, bar 6: four machines are as they were before their first cluster, and carry another one. */
describe('four machines from which their cluster is taken', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  const otherFile = join(directory, 'other.yaml');
  let machines: readonly Machine[];
  const machine = (name: string): Machine => machines.find((one) => one.name === name)!;
  let before: ReadonlyMap<string, ReadonlyMap<string, string>>;

  /** What is not as it was, but for what the report says stays. */
  const differences = async (): Promise<readonly string[]> => {
    const after = await askEach(machines, machineContents);
    const changes = machines.flatMap(({ name }) => listingChanges(before.get(name)!, after.get(name)!).map((change) => `${name}: ${change}`));
    for (const seen of (await askEach(machines, enterForeignNamespace)).values()) expect(seen).toContain('lo:');
    return changes.filter((change) => !LEFT_BY_RESET.test(change));
  };

  beforeAll(async () => {
    await clearLab(LAB);
    machines = await raiseLab(LAB);
    await addSudoUser(machine(BY_SUDO));
    await writeClusterFile(LAB.name, clusterFile, { [BY_SUDO]: { ssh: { user: SUDO_USER } } });
    const text = await readFile(clusterFile, 'utf8');
    await writeFile(otherFile, text.replace(`name: ${LAB.name}\n`, `name: ${OTHER}\n`).replace('10.244.0.0/16', '10.89.0.0/16'));
    await askEach(machines, plantForeignThings);
    before = await askEach(machines, machineContents);
    await mustKubewright(['apply', '-f', clusterFile, '--yes']);
  });

  afterAll(async () => {
    await clearLab(LAB);
    await rm(journalDirectory(OTHER), { recursive: true, force: true });
  });

  it('are not taken for machines of another cluster', async () => {
    const { exitCode, stderr } = await kubewright(['reset', '-f', otherFile, '--yes', '--allow', `reset=${OTHER}`]);
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain('it is a machine of another cluster');
  });

  it('are left alone while others have a container on the runtime of one, which is named', async () => {
    await startGuest(machine('cp-1'));
    const { exitCode, stderr } = await kubewright(['reset', '-f', clusterFile, '--yes', '--allow', `reset=${LAB.name}`]);
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain(`cp-1: others have containers on the runtime that goes, and would lose them: ${GUEST} (--allow containers=cp-1)`);
    expect(await read(machine('cp-1'), 'pgrep -fc guest-waits')).toBe('1\n');
  });

  it('are as they were after a reset whose tool is killed, and the next; the container ended by consent', async () => {
    const reset = ['reset', '-f', clusterFile, '--yes', '--allow', `reset=${LAB.name}`, '--allow', 'containers=cp-1', '-o', 'json'];
    let hasBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const killed = startKubewright(reset, { onLine: (line) => line.includes('"action.started"') && hasBegun() });
    await begun;
    killed.child.kill('SIGKILL');
    await killed.ended;
    const again = await mustKubewright(reset);
    console.log(`the reset after one that was killed: ${again.seconds.toFixed(1)} s`);
    expect(await read(machine('cp-1'), 'pgrep -fc guest-waits; rm -r /srv/guest')).toBe('0\n');
    expect(await differences()).toEqual([]);
  });

  it('carry another cluster, of another name and range, that is verified', async () => {
    await mustKubewright(['apply', '-f', otherFile, '--yes']);
    const { exitCode, stdout, stderr } = await kubewright(['verify', '-f', otherFile]);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });

  it('lose that one too, though one of them loses its power meanwhile: named, left out by consent, and brought to its end when it is back', async () => {
    const reset = ['reset', '-f', otherFile, '--yes', '--allow', `reset=${OTHER}`];
    let hasBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const cut = startKubewright([...reset, '-o', 'json'], { onLine: (line) => line.includes('"action.started"') && line.includes('"cp-2"') && hasBegun() });
    await begun;
    await mustKubewright(['lab', 'cut', `${LAB.name}/cp-2`]);
    expect((await cut.ended).exitCode).not.toBe(0);
    const refused = await kubewright(reset);
    expect(refused.exitCode, refused.stderr).toBe(4);
    expect(refused.stderr).toContain('--allow unreachable=cp-2');
    const consented = await kubewright([...reset, '--allow', 'unreachable=cp-2']);
    expect(consented.exitCode, consented.stderr).toBe(4);
    await mustKubewright(['lab', 'start', `${LAB.name}/cp-2`]);
    // What others had in memory has gone with the power.
    await plantForeignNamespaces(machine('cp-2'));
    const last = await mustKubewright(reset);
    expect(last.stdout).toContain('succeeded: 1 step');
    expect(await differences()).toEqual([]);
  });
});
