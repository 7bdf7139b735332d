import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import { labList } from './lab-list.ts';
import { requireLabHost } from './lab-requirements.ts';
import { startMachines } from './lab-start.ts';
import type { LabState } from './lab-state.ts';
import { requireLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { stopMachine } from './machine-stop.ts';
import { writeSaved } from './saved-lab.ts';

/** Keeps the lab as it is, in the place of what was saved before: shuts its machines down in good order, copies their files, starts those that ran. */
export async function labSave(name: string, run: LabRun): Promise<readonly LabMachine[]> {
  await requireLabHost();
  return withLabLock(name, run, async () => {
    const lab = await requireLabState(name);
    const running = (await labList(name)).filter((machine) => machine.state === 'running').map((machine) => machine.name);
    try {
      await saveStopped(lab, running, run);
    } finally {
      // Also after a failure: saving must not end with machines stopped that ran.
      if (!run.signal.aborted) await startMachines(lab, running, run);
    }
    return labList(name);
  });
}

async function saveStopped(lab: LabState, running: readonly string[], { signal, onProgress }: LabRun): Promise<void> {
  onProgress?.({ message: 'shutting the machines down' });
  await Promise.all(lab.machines.map((machine) => stopMachine({ lab: lab.name, name: machine.name }, signal)));
  onProgress?.({ message: 'copying their files' });
  await writeSaved({ lab, running }, signal);
}
