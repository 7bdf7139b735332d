import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';

const DEFAULT_INTERVAL_MS = 250;

/** Time, injected: tests hand in one that does not wait. */
export interface PollClock {
  /** Milliseconds that never go backwards. */
  readonly now: () => number;
  /** Resolves after `ms`, rejects when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface PollOptions {
  /** What is awaited, as it stands in a sentence: "the API server of cp-1 to answer". */
  readonly what: string;
  readonly deadlineMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
  /** Why the condition does not hold yet, asked once when the deadline has passed. */
  readonly why?: () => readonly string[];
  readonly clock?: PollClock;
}

const systemClock: PollClock = {
  now: () => performance.now(),
  delay: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * Asks `check` every `everyMs` (default 250) until it answers with something other than `undefined`. The one place that waits for time:
 * every wait has a condition and a deadline. Throws `gate-closed` with what was awaited when the deadline passes, `interrupted` on
 * abort; what `check` throws is passed on at once. A check is started at least once, and one that runs is not cut off by the deadline: hand it the signal.
 */
export async function pollUntil<T>(check: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const clock = options.clock ?? systemClock;
  const everyMs = options.everyMs ?? DEFAULT_INTERVAL_MS;
  const start = clock.now();
  for (;;) {
    if (options.signal?.aborted) throw interrupted(options);
    const answer = await check();
    if (answer !== undefined) return answer;
    const leftMs = start + options.deadlineMs - clock.now();
    if (leftMs <= 0) throw tooLate(options);
    await pause(clock, Math.min(everyMs, leftMs), options);
  }
}

async function pause(clock: PollClock, ms: number, options: PollOptions): Promise<void> {
  try {
    await clock.delay(ms, options.signal);
  } catch (cause) {
    throw options.signal?.aborted ? interrupted(options, cause) : cause;
  }
}

function tooLate(options: PollOptions): AppError {
  const seconds = Math.round(options.deadlineMs / 100) / 10;
  return new AppError('gate-closed', `waited ${seconds} s for ${options.what}, in vain`, { retry: 'safe', details: options.why?.() ?? [] });
}

function interrupted(options: PollOptions, cause?: unknown): AppError {
  return new AppError('interrupted', `interrupted while waiting for ${options.what}`, { retry: 'safe', cause });
}
