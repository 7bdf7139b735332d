import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import type { MachineRef } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import { stopMachine } from './machine-stop.ts';

/** An orderly shutdown, awaited. Throws `lab-failed` with the console's last lines when the machine does not end. */
export async function labStop(machine: MachineRef, run: LabRun): Promise<void> {
  await requireLabHost();
  await withLabLock(machine.lab, run, () => stopMachine(machine, run.signal));
}
