import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import type { MachineRef } from './lab-names.ts';
import { linkName } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import { requireLabState } from './lab-state.ts';
import { cutMachine } from './machine-cut.ts';
import { removeLink } from './network.ts';

/** A power cut: the machine is gone at once, and its disk is as it was at that moment. */
export async function labCut(machine: MachineRef, run: LabRun): Promise<void> {
  await requireLabHost();
  await withLabLock(machine.lab, run, async () => {
    await cutMachine(machine, run.signal);
    // The kernel keeps the network of dead processes for minutes at times, and would refuse connections in the machine's name.
    const { index } = await requireLabState(machine.lab);
    await removeLink(linkName(index, machine.name));
  });
}
