import pLimit from 'p-limit';
import { AppError } from '../errors/app-error.ts';
import { setFrozen } from './cgroups.ts';
import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import type { MachineRef } from './lab-names.ts';
import { bridgeName, cgroupName, linkName } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import type { LabMachineState, LabState } from './lab-state.ts';
import { requireLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { consoleTail, machineProcesses, observeMachine } from './machine.ts';
import { startMachine } from './machine-start.ts';
import { attachLink, ensureBridge } from './network.ts';
import { requireRootfs } from './rootfs.ts';
import { sshAnswers } from './ssh-banner.ts';
import { waitUntil } from './wait-until.ts';

const START_TIMEOUT_MS = 120_000;
const MACHINES_AT_ONCE = 8;

/** Starts a stopped machine; resolves when its sshd answers. A machine that runs is left alone. */
export async function labStart(machine: MachineRef, run: LabRun): Promise<LabMachine> {
  await requireLabHost();
  return withLabLock(machine.lab, run, async () => {
    const lab = await requireLabState(machine.lab);
    const [started] = await startMachines(lab, [machine.name], run);
    if (!started) throw new AppError('usage', `lab ${machine.lab} has no machine ${machine.name}`);
    return started;
  });
}

/** Starts the machines named, all at once, and waits for their sshd. The lab's lock is held by the caller. */
export async function startMachines(lab: LabState, names: readonly string[], run: LabRun): Promise<readonly LabMachine[]> {
  await requireRootfs(lab.name, lab.rootfs);
  if (!(await ensureBridge(lab)))
    throw new AppError('lab-failed', `bridge of lab ${lab.name} belongs to another lab now`, { hint: `remove the lab with: kubewright lab down --name ${lab.name}` });
  const limit = pLimit(MACHINES_AT_ONCE);
  const machines = lab.machines.filter((machine) => names.includes(machine.name));
  return Promise.all(machines.map((machine) => limit(() => startAndWait(lab, machine, run))));
}

async function startAndWait(lab: LabState, machine: LabMachineState, { signal, onProgress }: LabRun): Promise<LabMachine> {
  const ref = { lab: lab.name, name: machine.name };
  const wasRunning = (await machineProcesses(ref)).all.length > 0;
  if (!wasRunning) onProgress?.({ machine: machine.name, message: 'starting' });
  if (wasRunning) {
    // A `lab save` that was killed may have left it held.
    await setFrozen(cgroupName(ref), false, signal);
    await attachLink(linkName(lab.index, machine.name), bridgeName(lab.index));
  } else await startMachine(lab, machine.name);
  await waitUntil(() => answersOrFails(ref, machine.address), {
    what: `the SSH server of ${machine.name} to answer`,
    deadlineMs: START_TIMEOUT_MS,
    signal,
    details: () => consoleTail(ref),
  });
  onProgress?.({ machine: machine.name, message: wasRunning ? 'runs already' : `started, SSH answers at ${machine.address}` });
  return observeMachine(lab.name, machine);
}

/** A machine that died on the way up is not waited for. */
async function answersOrFails(ref: MachineRef, address: string): Promise<boolean> {
  if (await sshAnswers(address)) return true;
  if ((await machineProcesses(ref)).all.length > 0) return false;
  throw new AppError('lab-failed', `machine ${ref.name} of lab ${ref.lab} ended while it started`, { details: await consoleTail(ref), retry: 'safe' });
}
