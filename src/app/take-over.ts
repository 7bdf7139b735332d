import { randomUUID } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { LockFact } from '../facts/host-facts.ts';
import type { LaneId } from '../plan/plan.ts';
import { lockedBy, ownerOfThisProcess } from './lock-owner.ts';
import type { Fleet } from './observe-fleet.ts';

/** Long enough to give it back at once. */
const TTL_MS = 10_000;

/**
 * Takes the locks that a run holds, and gives them back: from then on the machines refuse its scripts, since their number is lower, and the run stops when it next renews. What
 * one of its scripts does just now it does to its end. Throws `locked` when a machine is in other hands by now; what was taken has been given back then too.
 */
export async function takeOverLocks(held: readonly (readonly [LaneId, LockFact])[], fleet: Fleet, signal: AbortSignal): Promise<void> {
  const ended = await Promise.allSettled(held.map(([lane, lock]) => takeOver(lane, lock, fleet, signal)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

async function takeOver(lane: LaneId, lock: LockFact, fleet: Fleet, signal: AbortSignal): Promise<void> {
  const host = fleet.get(lane);
  if (host === undefined) throw new AppError('internal', `${lane} is not in the fleet`);
  const now = Date.now();
  const fence = { runId: randomUUID(), token: lock.token + 1 };
  const holder = { ...fence, owner: ownerOfThisProcess(), since: new Date(now).toISOString(), expires: new Date(now + TTL_MS).toISOString() };
  const answer = await host.lock(holder, signal, lock.runId);
  if (!answer.taken) throw lockedBy(lane, answer.holder, { takes: true });
  await host.unlock(fence, signal);
}
