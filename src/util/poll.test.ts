import { describe, expect, it } from 'vitest';
import type { PollClock } from './poll.ts';
import { pollUntil } from './poll.ts';

/** A clock that jumps: each delay moves it on at once. */
function jumpingClock(): PollClock & { readonly delays: number[] } {
  let now = 1000;
  const delays: number[] = [];
  const delay = (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    if (signal?.aborted) return Promise.reject(new Error('aborted'));
    delays.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return { now: () => now, delay, delays };
}

/** Answers `undefined` so many times, then `value`. */
function after<T>(times: number, value: T): () => Promise<T | undefined> {
  let left = times;
  return () => Promise.resolve(left-- > 0 ? undefined : value);
}

describe('pollUntil', () => {
  it('answers at once when the condition holds', async () => {
    const clock = jumpingClock();
    expect(await pollUntil(after(0, 'up'), { what: 'it', deadlineMs: 1000, clock })).toBe('up');
    expect(clock.delays).toEqual([]);
  });

  it('asks every 250 ms until the condition holds; a falsy answer is an answer', async () => {
    const clock = jumpingClock();
    expect(await pollUntil(after(3, 0), { what: 'it', deadlineMs: 1000, clock })).toBe(0);
    expect(clock.delays).toEqual([250, 250, 250]);
  });

  it('asks a last time at the deadline, then says what was awaited and why', async () => {
    const clock = jumpingClock();
    const answer = pollUntil(after(99, 0), { what: 'cp-1 to answer', deadlineMs: 600, clock, why: () => ['connection refused'] });
    await expect(answer).rejects.toMatchObject({ code: 'gate-closed', message: 'waited 0.6 s for cp-1 to answer, in vain', details: ['connection refused'], retry: 'safe' });
    expect(clock.delays).toEqual([250, 250, 100]);
  });

  it('takes the interval it is given', async () => {
    const clock = jumpingClock();
    await pollUntil(after(2, true), { what: 'it', deadlineMs: 5000, everyMs: 1000, clock });
    expect(clock.delays).toEqual([1000, 1000]);
  });

  it('passes on what the check throws', async () => {
    await expect(pollUntil(() => Promise.reject(new Error('broken')), { what: 'it', deadlineMs: 1000, clock: jumpingClock() })).rejects.toThrow('broken');
  });

  it('starts no check when it is aborted already', async () => {
    let checks = 0;
    const check = (): Promise<undefined> => {
      checks += 1;
      return Promise.resolve(undefined);
    };
    await expect(pollUntil(check, { what: 'it', deadlineMs: 1000, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
    expect(checks).toBe(0);
  });

  it('ends a real pause when it is aborted', async () => {
    const controller = new AbortController();
    const check = (): Promise<undefined> => {
      queueMicrotask(() => controller.abort());
      return Promise.resolve(undefined);
    };
    const answer = pollUntil(check, { what: 'cp-1 to answer', deadlineMs: 60_000, everyMs: 60_000, signal: controller.signal });
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', message: 'interrupted while waiting for cp-1 to answer' });
  });

  it('waits on the real clock', async () => {
    expect(await pollUntil(after(2, 'up'), { what: 'it', deadlineMs: 1000, everyMs: 1 })).toBe('up');
  });
});
