import { processesOf, removeCgroup, setFrozen } from './cgroups.ts';
import type { MachineRef } from './lab-names.ts';
import { cgroupName } from './lab-names.ts';
import { machinePaths } from './lab-paths.ts';
import { machineProcesses } from './machine.ts';
import { unmountUnder } from './mounts.ts';
import { removeNspawnLock } from './nspawn-remains.ts';
import { waitUntil } from './wait-until.ts';

const DEATH_TIMEOUT_MS = 30_000;

/** Takes the power from a machine: nothing in it gets to run again. Fine for one that does not run, or half does. */
export async function cutMachine(machine: MachineRef, signal?: AbortSignal): Promise<void> {
  await waitUntil(() => killAll(machine), { what: `the processes of ${machine.name} to die`, deadlineMs: DEATH_TIMEOUT_MS, signal, details: () => survivors(machine) });
  await clearMachine(machine, signal);
}

/** Removes what a machine without processes leaves on the host; the next start would stumble over it. */
export async function clearMachine(machine: MachineRef, signal?: AbortSignal): Promise<void> {
  await removeCgroup(cgroupName(machine), signal);
  const { directory, root } = machinePaths(machine.lab, machine.name);
  await removeNspawnLock(root);
  await unmountUnder(directory);
}

/** Kills systemd-nspawn first, so that it cannot tidy up, then the rest; true when nothing was left to kill. */
async function killAll(machine: MachineRef): Promise<boolean> {
  const { all, supervisor } = await machineProcesses(machine);
  if (supervisor !== undefined) kill(supervisor);
  for (const pid of all) kill(pid);
  // One that a killed `lab save` has left held dies when it may go on.
  await setFrozen(cgroupName(machine), false);
  return all.length === 0;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

async function survivors(machine: MachineRef): Promise<readonly string[]> {
  return [`processes left: ${(await processesOf(cgroupName(machine))).join(', ')}`];
}
