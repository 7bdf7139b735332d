import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import { labList } from './lab-list.ts';
import { requireLabHost } from './lab-requirements.ts';
import { startMachines } from './lab-start.ts';
import { requireLabState, writeLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { cutMachine } from './machine-cut.ts';
import { writeKnownHosts } from './machine-files.ts';
import { putSavedBack, readSaved } from './saved-lab.ts';

/** Gives the lab the state it was saved in, whatever it is now: machines made since are removed, those that ran then are started. */
export async function labRestore(name: string, run: LabRun): Promise<readonly LabMachine[]> {
  await requireLabHost();
  return withLabLock(name, run, async () => {
    const now = await requireLabState(name);
    const saved = await readSaved(name);
    run.onProgress?.({ message: 'cutting the machines' });
    await Promise.all(now.machines.map((machine) => cutMachine({ lab: name, name: machine.name }, run.signal)));
    run.onProgress?.({ message: 'putting the saved files back' });
    await putSavedBack(name, run.signal);
    await writeLabState(saved.lab);
    await writeKnownHosts(saved.lab);
    await startMachines(saved.lab, saved.running, run);
    return labList(name);
  });
}
