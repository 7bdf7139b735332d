import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import type { MachineRef } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import { cutMachine } from './machine-cut.ts';

/** A power cut: the machine is gone at once, and its disk is as it was at that moment. */
export async function labCut(machine: MachineRef, run: LabRun): Promise<void> {
  await requireLabHost();
  await withLabLock(machine.lab, run, () => cutMachine(machine, run.signal));
}
