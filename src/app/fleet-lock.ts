import { setMaxListeners } from 'node:events';
import { AppError } from '../errors/app-error.ts';
import type { Fence, Lock } from '../engine/ports.ts';
import type { Host, LockAnswer, LockHolder } from '../hosts/host.ts';
import type { LaneId } from '../plan/plan.ts';
import { isOursAndDead, lockedBy, ownerOfThisProcess } from './lock-owner.ts';
import type { Fleet } from './observe-fleet.ts';
import { pollUntil } from '../util/poll.ts';
import type { PollClock } from '../util/poll.ts';

const TTL_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** A lock of our own dead process is waited for until it expires, and a little longer. */
const DEAD_HOLDER_DEADLINE_MS = TTL_MS + 10_000;

export interface LockRequest {
  readonly fleet: Fleet;
  readonly lanes: readonly LaneId[];
  readonly runId: string;
  /** The number that each host showed when the plan was made; a host that showed none is not in it. */
  readonly seen: ReadonlyMap<LaneId, number>;
  readonly clock?: PollClock;
}

/** One number for all hosts, above all that were seen. */
interface Claim {
  readonly token: number;
  readonly seen: LockRequest['seen'];
  readonly holder: () => LockHolder;
  readonly clock: PollClock | undefined;
}

/**
 * One operator at a time per host: takes the lock of every lane, renews it, and gives it back when disposed. Throws `locked` (exit code 8) when another run
 * holds one, and `refused` when another has held one since the plan was made, which is stale then; the lock of a process of this user on this machine that
 * is dead is waited for, since it is not renewed any more.
 */
export async function lockFleet(request: LockRequest, signal: AbortSignal): Promise<Lock> {
  const { runId, seen } = request;
  const hosts = new Map([...request.fleet].filter(([lane]) => request.lanes.includes(lane)));
  const lost = new AbortController();
  const since = new Date().toISOString();
  const token = Math.max(0, ...seen.values()) + 1;
  const holder = (): LockHolder => ({ runId, token, owner: ownerOfThisProcess(), since, expires: new Date(Date.now() + TTL_MS).toISOString() });
  const fence: Fence = { runId, token };
  await takeAll(hosts, { token, seen, holder, clock: request.clock }, signal);
  const stop = renewEvery([...hosts.values()], holder, lost);
  return {
    fence,
    lost: lost.signal,
    [Symbol.asyncDispose]: async () => {
      stop();
      await release([...hosts.values()], fence);
    },
  };
}

/** What was taken before a refusal is given back. */
async function takeAll(hosts: ReadonlyMap<LaneId, Host>, claim: Claim, signal: AbortSignal): Promise<void> {
  const refused = new AbortController();
  const either = AbortSignal.any([signal, refused.signal]);
  // As many wait as there are machines.
  setMaxListeners(0, either);
  const attempts = [...hosts].map(([lane, host]) => takeOne(host, claim.seen.get(lane) ?? 0, claim, either));
  try {
    await Promise.all(attempts);
  } catch (error) {
    // Nobody goes on waiting: the first refusal is that of all.
    refused.abort();
    await Promise.allSettled(attempts);
    await release([...hosts.values()], { runId: claim.holder().runId, token: claim.token });
    throw error;
  }
}

/** Gives back what is held with this number; what cannot be reached expires. */
async function release(hosts: readonly Host[], fence: Fence): Promise<void> {
  await Promise.allSettled(hosts.map((host) => host.unlock(fence, AbortSignal.timeout(TTL_MS))));
}

async function takeOne(host: Host, seen: number, { holder, clock }: Claim, signal: AbortSignal): Promise<void> {
  await pollUntil(
    async () => {
      const answer = await host.lock(holder(), signal);
      const other = otherHolder(answer);
      if (other !== undefined) throw lockedBy(host.target.name, other, { takes: true });
      const last = answer.taken ? answer.before : answer.holder.token;
      // Numbers differ from host to host: a run takes those alone that its plan names.
      if (last !== undefined && last > seen) throw stale(host, { seen, last });
      return answer.taken ? true : undefined;
    },
    { deadlineMs: DEAD_HOLDER_DEADLINE_MS, signal, what: `the lock of a dead run on ${host.target.name} to expire`, ...(clock !== undefined && { clock }) },
  );
}

function otherHolder(answer: LockAnswer): LockHolder | undefined {
  return !answer.taken && answer.held && !isOursAndDead(answer.holder.owner) ? answer.holder : undefined;
}

function stale(host: Host, { seen, last }: { readonly seen: number; readonly last: number }): AppError {
  return new AppError('refused', 'the machines were changed by another run since this plan was made; nothing was changed', {
    details: [`${host.target.name}: number ${seen} was the last when the plan was made, ${last} is now`],
    hint: 'run the command again: it plans from what is there now',
    retry: 'safe',
  });
}

function renewEvery(hosts: readonly Host[], holder: () => LockHolder, lost: AbortController): () => void {
  const renew = async (): Promise<void> => {
    const answers = await Promise.allSettled(hosts.map((host) => host.lock(holder(), AbortSignal.timeout(TTL_MS))));
    if (answers.some((answer) => answer.status === 'fulfilled' && !answer.value.taken)) lost.abort();
  };
  const timer = setInterval(() => void renew(), RENEW_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
