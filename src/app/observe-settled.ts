import { AppError } from '../errors/app-error.ts';
import type { LockFact } from '../facts/host-facts.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import { knownHosts } from '../facts/snapshot.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { LaneId } from '../plan/plan.ts';
import { collectRuns, runningScripts } from './collect-runs.ts';
import { isOursAndDead, lockedBy } from './lock-owner.ts';
import { LOOK_PATIENCE_MS } from './look-at-fleet.ts';
import { observeFleet } from './observe-fleet.ts';
import type { Fleet } from './observe-fleet.ts';
import { takeOverLocks } from './take-over.ts';

export interface SettleContext {
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  /** Waits for scripts that an earlier run left at work, and looks again at what they have done; otherwise they are refused. */
  readonly collect?: boolean;
  /** A run whose locks are taken from it as soon as they are seen, although it may live: by consent of who knows that it shall not. */
  readonly takeOver?: string | undefined;
}

/**
 * Looks at every machine until nothing is at work there that could change what was seen. Throws `locked` at once when a run that lives is at work, and, unless they are to be
 * waited for, when scripts of an earlier run are.
 */
export async function observeSettled(probes: readonly ProbeRequest[], context: SettleContext): Promise<Snapshot> {
  const { fleet, signal } = context;
  // A plan that is only shown says what it could not see; one that is carried out waits for slow machines.
  const snapshot = await observeFleet(fleet, probes, { signal, patienceMs: context.collect === true ? undefined : LOOK_PATIENCE_MS });
  const running = runningScripts(snapshot);
  // A plan that is only shown may be made beside a run whose scripts do not work just now; one that is carried out would be stale.
  const isConcerned = (lane: LaneId): boolean => context.collect === true || running.some((script) => script.lane === lane);
  const [held] = heldByLiveRuns(snapshot).filter(([lane]) => isConcerned(lane));
  if (held !== undefined && context.takeOver !== undefined) return observeSettled(probes, await overtake(context, snapshot));
  if (held !== undefined) throw lockedBy(held[0], held[1], { takes: context.collect === true });
  if (running.length === 0) return snapshot;
  if (context.collect !== true) {
    throw new AppError('locked', 'scripts of an earlier run still work on the machines', {
      details: running.map(({ lane, run }) => `${lane}: ${run.stepId}`),
      hint: 'wait, or run apply: it waits for them and goes on',
      retry: 'safe',
    });
  }
  await collectRuns(running, fleet, context);
  return observeSettled(probes, context);
}

/** Locks of other runs that live. */
export function heldByLiveRuns(snapshot: Snapshot): readonly (readonly [LaneId, LockFact])[] {
  return knownHosts(snapshot).flatMap(([lane, { lock }]) => (lock !== undefined && lock.isHeld && !isOursAndDead(lock.owner) ? [[lane, lock] as const] : []));
}

/** Takes the locks of the run that is named; the look after it takes none. Throws `locked` where another run holds a machine. */
async function overtake({ takeOver, ...context }: SettleContext, snapshot: Snapshot): Promise<SettleContext> {
  const held = heldByLiveRuns(snapshot);
  const other = held.find(([, { runId }]) => runId !== takeOver);
  if (other !== undefined) throw lockedBy(other[0], other[1], { takes: true });
  for (const [lane, { owner, runId }] of held) context.onProgress(`${lane}: taking the lock from run ${runId} of ${owner}`);
  await takeOverLocks(held, context.fleet, context.signal);
  return context;
}
