import type { MachineRef } from './lab-names.ts';
import { consoleTail, machineProcesses } from './machine.ts';
import { clearMachine } from './machine-cut.ts';
import { waitUntil } from './wait-until.ts';

const STOP_TIMEOUT_MS = 120_000;
const SIGRTMIN = 34;
/** systemd(1): starts poweroff.target. */
const POWER_OFF_SIGNAL = SIGRTMIN + 4;
const ASK_AGAIN_MS = 3000;

/** Shuts the machine down as its power button would, and waits for its end. Fine for one that does not run. */
export async function stopMachine(machine: MachineRef, signal?: AbortSignal): Promise<void> {
  let askedAt = -Infinity;
  const hasEnded = async (): Promise<boolean> => {
    const { all, init } = await machineProcesses(machine);
    // Asked again: an init that has only just been started does not listen yet.
    if (init !== undefined && performance.now() - askedAt > ASK_AGAIN_MS) {
      askPowerOff(init);
      askedAt = performance.now();
    }
    return all.length === 0;
  };
  await waitUntil(hasEnded, { what: `${machine.name} to shut down`, deadlineMs: STOP_TIMEOUT_MS, signal, details: () => consoleTail(machine) });
  await clearMachine(machine, signal);
}

function askPowerOff(init: number): void {
  try {
    process.kill(init, POWER_OFF_SIGNAL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
