import { existsSync } from 'node:fs';
import pLimit from 'p-limit';
import { runProgram } from '../process/run-program.ts';
import { topCgroups } from './cgroups.ts';
import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import { checkLabName, machineOfCgroup } from './lab-names.ts';
import { labPaths } from './lab-paths.ts';
import { requireLabHost } from './lab-requirements.ts';
import type { LabState } from './lab-state.ts';
import { readLabState, readLabStates } from './lab-state.ts';
import { cutMachine } from './machine-cut.ts';
import { unmountUnder } from './mounts.ts';
import { removeBridge } from './network.ts';
import { removeNspawnDirectories } from './nspawn-remains.ts';

const MACHINES_AT_ONCE = 8;

/**
 * Removes everything of a lab: processes, cgroups, mounts, bridge and links, files. What a killed run left is found by its name even when the lab's state is gone. Fine when
 * nothing is there.
 */
export async function labDown(name: string, run: LabRun): Promise<void> {
  checkLabName(name);
  await requireLabHost();
  await withLabLock(name, run, async () => {
    const limit = pLimit(MACHINES_AT_ONCE);
    const machines = await machinesLeft(name);
    const wasThere = machines.length > 0 || existsSync(labPaths(name).directory);
    await Promise.all(machines.map((machine) => limit(() => cutMachine({ lab: name, name: machine }, run.signal))));
    await removeBridge(name);
    const state = await knownState(name);
    if (state) await removeNspawnDirectories(state.index);
    await removeFiles(labPaths(name).directory);
    run.onProgress?.({ message: wasThere ? `lab ${name} is gone` : await noSuchLab(name) });
  });
}

async function noSuchLab(name: string): Promise<string> {
  const others = (await readLabStates()).map((lab) => lab.name);
  return `there is no lab ${name}: nothing to remove${others.length === 0 ? '' : ` (labs here: ${others.join(', ')})`}`;
}

async function machinesLeft(lab: string): Promise<readonly string[]> {
  const known = (await knownState(lab))?.machines.map((machine) => machine.name) ?? [];
  const running = (await topCgroups()).flatMap((cgroup) => machineOfCgroup(lab, cgroup) ?? []);
  return [...new Set([...known, ...running])];
}

/** A state that cannot be read must not keep a lab from being removed. */
async function knownState(lab: string): Promise<LabState | undefined> {
  return readLabState(lab).catch(() => undefined);
}

/** Nothing may be mounted below when files are removed: a machine's root is the shared root filesystem. */
async function removeFiles(directory: string): Promise<void> {
  await unmountUnder(directory);
  await runProgram('rm', ['-rf', '--one-file-system', directory]);
}
