import { hostname, userInfo } from 'node:os';
import { AppError } from '../errors/app-error.ts';
import type { Fence, Lock } from '../engine/ports.ts';
import type { Host, LockHolder } from '../hosts/host.ts';
import type { LaneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';
import { pollUntil } from '../util/poll.ts';

const TTL_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** A lock of our own dead process is waited for until it expires, and a little longer. */
const DEAD_HOLDER_DEADLINE_MS = TTL_MS + 10_000;

const isOursAndDead = (holder: LockHolder): boolean => {
  const [who, pid] = holder.owner.split(' pid ');
  return who === ownerName() && !isAlive(Number.parseInt(pid ?? '', 10));
};

function ownerName(): string {
  return `${userInfo().username}@${hostname()}`;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export interface LockRequest {
  readonly fleet: Fleet;
  readonly lanes: readonly LaneId[];
  readonly runId: string;
  /** Highest number that any host was seen to have had. */
  readonly seenToken: number;
}

/**
 * One operator at a time per host: takes the lock of every lane, renews it, and gives it back when disposed. Throws `locked` (exit code 8) when another run
 * holds one; the lock of a process of this user on this machine that is dead is waited for, since it is not renewed any more.
 */
export async function lockFleet(request: LockRequest, signal: AbortSignal): Promise<Lock> {
  const hosts = request.lanes.flatMap((lane) => request.fleet.get(lane) ?? []);
  const lost = new AbortController();
  const since = new Date().toISOString();
  const holderOf = (token: number): LockHolder => ({
    runId: request.runId,
    token,
    owner: `${ownerName()} pid ${process.pid}`,
    since,
    expires: new Date(Date.now() + TTL_MS).toISOString(),
  });
  const token = await takeAll(hosts, request.seenToken + 1, holderOf, signal);
  const fence: Fence = { runId: request.runId, token };
  const stop = renewEvery(hosts, () => holderOf(token), lost);
  return {
    fence,
    lost: lost.signal,
    [Symbol.asyncDispose]: async () => {
      stop();
      await release(hosts, fence);
    },
  };
}

/** All hosts with one number; a host that has seen a higher one raises it for all. What was taken before a refusal is given back. */
async function takeAll(hosts: readonly Host[], first: number, holderOf: (token: number) => LockHolder, signal: AbortSignal): Promise<number> {
  const refused = new AbortController();
  const either = AbortSignal.any([signal, refused.signal]);
  const attempts = hosts.map((host) => takeOne(host, first, holderOf, either));
  let answers: readonly number[];
  try {
    answers = await Promise.all(attempts);
  } catch (error) {
    // Nobody goes on waiting: the first refusal is that of all.
    refused.abort();
    await Promise.allSettled(attempts);
    await release(hosts, { runId: holderOf(first).runId, token: first });
    throw error;
  }
  const highest = Math.max(first, ...answers);
  if (highest === first) return first;
  return takeAll(hosts, highest, holderOf, signal);
}

/** Gives back what is held with this number; what cannot be reached expires. */
async function release(hosts: readonly Host[], fence: Fence): Promise<void> {
  await Promise.allSettled(hosts.map((host) => host.unlock(fence, AbortSignal.timeout(TTL_MS))));
}

/** The number with which the host was taken, or the next one that it would take. */
async function takeOne(host: Host, token: number, holderOf: (token: number) => LockHolder, signal: AbortSignal): Promise<number> {
  return pollUntil(
    async () => {
      const answer = await host.lock(holderOf(token), signal);
      if (answer.taken) return token;
      if (!answer.held || answer.holder.runId === holderOf(token).runId) return answer.holder.token + 1;
      if (isOursAndDead(answer.holder)) return undefined;
      throw heldBy(host, answer.holder);
    },
    { deadlineMs: DEAD_HOLDER_DEADLINE_MS, signal, what: `the lock of a dead run on ${host.target.name} to expire` },
  );
}

function heldBy(host: Host, holder: LockHolder): AppError {
  return new AppError('locked', `${host.target.name} is locked by ${holder.owner}`, {
    details: [`run ${holder.runId}, since ${holder.since}, until ${holder.expires} unless renewed`],
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
