import { AppError } from '../errors/app-error.ts';
import type { RunFact } from '../facts/host-facts.ts';
import { knownHosts } from '../facts/snapshot.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { LaneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';

/** A script of an earlier run that still works on its host. */
export interface RunningScript {
  readonly lane: LaneId;
  readonly run: RunFact;
}

export function runningScripts(snapshot: Pick<Snapshot, 'hosts'>): readonly RunningScript[] {
  return knownHosts(snapshot).flatMap(([lane, { runs }]) => runs.filter(({ state }) => state === 'running').map((run) => ({ lane, run })));
}

/** Waits for scripts that a run left behind, killed or told to leave them: what they do is done once, and planned from afterwards. */
export async function collectRuns(
  scripts: readonly RunningScript[],
  fleet: Fleet,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
): Promise<void> {
  await Promise.all(
    scripts.map(async ({ lane, run }) => {
      onProgress(`${run.stepId} of an earlier run still works on ${lane}: waiting for it`);
      onProgress(`${run.stepId} on ${lane} has ended: ${await endOf(fleet, lane, run, signal)}`);
    }),
  );
}

/** How it ended, in words: what it left is observed afresh, so its failure is not this run's. */
async function endOf(fleet: Fleet, lane: LaneId, run: RunFact, signal: AbortSignal): Promise<string> {
  try {
    for await (const event of fleet.get(lane)?.follow(run, signal) ?? []) {
      if (event.type === 'exited') return event.exitCode === 0 ? 'it succeeded' : `exit code ${event.exitCode}`;
    }
    return 'without a result';
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError) || ['host-unreachable', 'sudo-refused'].includes(error.code)) throw error;
    return error.message;
  }
}
