import { spawnSync } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import type { Host, RunEvent } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { observeSettled } from './observe-settled.ts';
import { readingHost } from './testing/reading-host.ts';

const NOW = 1000;
const dead = `${userInfo().username}@${hostname()} pid ${spawnSync('true').pid}`;

function lockOf(owner: string, until: number): string {
  const holder = { runId: 'r9', token: 3, owner, since: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:00:30Z' };
  return `${JSON.stringify({ token: 3, runId: 'r9', until, holder })}\n${NOW}\n`;
}

interface Machine {
  readonly lock: string;
  /** A script of run r9 works until it is followed. */
  readonly works: boolean;
}

async function settle(machine: Machine, collect: boolean, takeOver?: string) {
  let { works, lock } = machine;
  const taken: (readonly [token: number, over: string | undefined])[] = [];
  const followed: string[] = [];
  const answer = () => encoded({ ...recorded('worker'), lock, runs: works ? 'r9 w-1_2fjoin 3 running\n' : '' });
  const follow = async function* (run: { readonly stepId: string }): AsyncGenerator<RunEvent> {
    followed.push(run.stepId);
    works = false;
    yield await Promise.resolve({ type: 'exited' as const, exitCode: 0 });
  };
  const host: Host = {
    ...readingHost('w-1', answer),
    follow,
    lock: async (holder, _signal, over) => {
      taken.push([holder.token, over]);
      return { taken: true, before: 3 };
    },
    unlock: async () => void (lock = lockOf('me@desk pid 1', 0)),
  };
  const lines: string[] = [];
  const snapshot = observeSettled([], { fleet: new Map([[laneId('w-1'), host]]), signal: new AbortController().signal, onProgress: (line) => lines.push(line), collect, takeOver });
  return { followed, taken, lines, snapshot: await snapshot.catch((error: unknown) => error) };
}

const EXPIRED = NOW;
const LIVE = NOW + 20;
const locked = { code: 'locked', exitCode: 8, message: 'w-1 is locked by ann@laptop pid 4', details: [expect.stringContaining('run r9')] };

describe('a run that lives', () => {
  it.each([true, false])('is not waited for while its script works, when collecting: %s', async (collect) => {
    const { snapshot, followed } = await settle({ lock: lockOf('ann@laptop pid 4', LIVE), works: true }, collect);
    expect(snapshot).toMatchObject(locked);
    expect(followed).toEqual([]);
  });

  it('makes no plan that is to be carried out, and may be looked at between two of its scripts', async () => {
    const between = { lock: lockOf('ann@laptop pid 4', LIVE), works: false };
    expect((await settle(between, true)).snapshot).toMatchObject(locked);
    expect((await settle(between, false)).snapshot).toMatchObject({ hosts: { 'w-1': { state: 'known' } } });
  });
});

describe('the lock of a run that lives', () => {
  const held = { lock: lockOf('ann@laptop pid 4', LIVE), works: true };

  it('is taken with a higher number where the run is named; what works is waited for, and looked at afterwards', async () => {
    const { snapshot, taken, followed, lines } = await settle(held, true, 'r9');
    expect(taken).toEqual([[4, 'r9']]);
    expect(followed).toEqual(['w-1/join']);
    expect(lines[0]).toBe('w-1: taking the lock from run r9 of ann@laptop pid 4');
    expect(snapshot).toMatchObject({ hosts: { 'w-1': { value: { runs: [], lock: { isHeld: false } } } } });
  });

  it('is not taken where another run is named', async () => {
    const { snapshot, taken } = await settle(held, true, 'r8');
    expect(snapshot).toMatchObject({ ...locked, hint: expect.stringContaining('--take-over r9') });
    expect(taken).toEqual([]);
  });
});

describe.each([
  ['whose lock has expired', lockOf('ann@laptop pid 4', EXPIRED)],
  ['that gave its lock back', lockOf('ann@laptop pid 4', 0)],
  ['of a process of ours that is dead', lockOf(dead, LIVE)],
])('a run %s', (_what, lock) => {
  it('is waited for, and what it did is looked at afterwards', async () => {
    const { snapshot, followed, lines } = await settle({ lock, works: true }, true);
    expect(followed).toEqual(['w-1/join']);
    expect(lines).toEqual(['w-1/join of an earlier run still works on w-1: waiting for it', 'w-1/join on w-1 has ended: it succeeded']);
    expect(snapshot).toMatchObject({ hosts: { 'w-1': { value: { runs: [] } } } });
  });

  it('refuses a plan that does not wait', async () => {
    expect((await settle({ lock, works: true }, false)).snapshot).toMatchObject({
      code: 'locked',
      message: 'scripts of an earlier run still work on the machines',
      details: ['w-1: w-1/join'],
    });
  });

  it('is nothing once its script has ended', async () => expect((await settle({ lock, works: false }, true)).snapshot).toMatchObject({ hosts: { 'w-1': { state: 'known' } } }));
});
