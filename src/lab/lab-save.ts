import { setFrozen } from './cgroups.ts';
import { labList } from './lab-list.ts';
import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import { cgroupName } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import { requireLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { writeSaved } from './saved-lab.ts';

/**
 * Keeps the lab as it is, in the place of what was saved before. Its machines are held for the seconds in which their files are copied, and go on where they were: what is kept is what
 * a power cut of all of them at that moment would have left.
 */
export async function labSave(name: string, run: LabRun): Promise<readonly LabMachine[]> {
  await requireLabHost();
  return withLabLock(name, run, async () => {
    const lab = await requireLabState(name);
    const running = (await labList(name)).filter((machine) => machine.state === 'running').map((machine) => machine.name);
    const freeze = (isFrozen: boolean, signal?: AbortSignal): Promise<unknown> =>
      Promise.all(running.map((machine) => setFrozen(cgroupName({ lab: name, name: machine }), isFrozen, signal)));
    try {
      run.onProgress?.({ message: 'holding the machines and copying their files' });
      await freeze(true, run.signal);
      await writeSaved({ lab, running }, run.signal);
    } finally {
      // Whatever happened, an interruption too: nothing stays held.
      await freeze(false);
    }
    return labList(name);
  });
}
