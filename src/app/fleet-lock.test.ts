import { spawnSync } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lock } from '../engine/ports.ts';
import { laneId } from '../plan/plan.ts';
import { lockFleet } from './fleet-lock.ts';
import { LockableHost } from './testing/lockable-host.ts';

const signal = new AbortController().signal;
const me = `${userInfo().username}@${hostname()}`;

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

function lock(hosts: readonly LockableHost[], seen: Readonly<Record<string, number>> = {}, runId = 'mine'): Promise<Lock> {
  const fleet = new Map(hosts.map((host) => [laneId(host.name), host.host()]));
  return lockFleet(
    { fleet, lanes: [...fleet.keys(), laneId('not-in-the-fleet')], runId, seen: new Map(Object.entries(seen).map(([name, token]) => [laneId(name), token])) },
    signal,
  );
}

const two = (): readonly [LockableHost, LockableHost] => [new LockableHost('a'), new LockableHost('b')];

describe('taking', () => {
  it('takes every machine with one number, above all that were seen', async () => {
    const hosts = two();
    const { fence } = await lock(hosts, { a: 7, b: 3, 'not-locked': 5 });
    expect(fence).toEqual({ runId: 'mine', token: 8 });
    expect(hosts.map(({ holder }) => [holder?.runId, holder?.token, holder?.owner])).toEqual(Array(2).fill(['mine', 8, `${me} pid ${process.pid}`]));
  });

  it('knows each machine by its own number: a run takes those alone that its plan names', async () => {
    const [a, b] = two();
    a.heldBy({ token: 7 }, false);
    b.heldBy({ token: 3 }, false);
    expect((await lock([a, b], { a: 7, b: 3 })).fence.token).toBe(8);
  });

  it.each([
    ['a number like its own', { token: 8 }],
    ['a higher one', { token: 20 }],
    ['one between what it showed and its own', { token: 4 }],
    ['one of a process of ours that died', { token: 20, owner: `${me} pid ${spawnSync('true').pid}` }],
  ])('is refused, and gives back what it took, where a machine has since been taken with %s', async (_what, holder) => {
    const [a, b] = two();
    a.heldBy({ token: 7 }, false);
    b.heldBy(holder, 'owner' in holder);
    await expect(lock([a, b], { a: 7, b: 3 })).rejects.toMatchObject({ code: 'refused', exitCode: 5, hint: expect.stringContaining('run the command again') });
    expect([a.holder?.runId, a.isHeld, b.holder?.runId === 'mine' && b.isHeld]).toEqual(['mine', false, false]);
  });

  it('of two that looked at the same time the second is refused once the first has ended', async () => {
    const hosts = two().map((host) => host.heldBy({ token: 7 }, false));
    const looked = { a: 7, b: 7 };
    await (await lock(hosts, looked, 'first'))[Symbol.asyncDispose]();
    await expect(lock(hosts, looked, 'second')).rejects.toMatchObject({
      code: 'refused',
      details: [expect.stringMatching(/^[ab]: number 7 was the last when the plan was made, 8 is now$/)],
    });
    expect(hosts.map(({ holder, isHeld }) => [holder?.runId, isHeld])).toEqual(Array(2).fill(['first', false]));
  });

  it('is refused where another run holds a machine, says who, and gives back what it took', async () => {
    const [a, b] = two();
    b.heldBy({ owner: 'ann@laptop pid 4', runId: 'r9' });
    await expect(lock([a, b])).rejects.toMatchObject({ code: 'locked', exitCode: 8, message: 'b is locked by ann@laptop pid 4', details: [expect.stringContaining('run r9')] });
    expect([a.holder?.runId, a.isHeld]).toEqual(['mine', false]);
    expect([b.holder?.runId, b.isHeld]).toEqual(['r9', true]);
  });

  it('gives back what it took where a machine cannot be reached', async () => {
    const [a, b] = two();
    b.isReachable = false;
    await expect(lock([a, b])).rejects.toMatchObject({ code: 'host-unreachable' });
    expect(a.isHeld).toBe(false);
  });

  it('waits for the lock of a process of ours that is dead to expire', async () => {
    const [a, b] = two();
    const { pid } = spawnSync('true');
    a.heldBy({ owner: `${me} pid ${pid}`, token: 3 });
    let asked = 0;
    a.onLock = () => {
      asked += 1;
      if (asked === 2) a.isHeld = false;
    };
    const { fence } = await lock([a, b], { a: 3 });
    expect(fence.token).toBe(4);
  });

  it('waits for a dead run on many machines without a word of Node about its listeners', async () => {
    const warnings: string[] = [];
    const hear = ({ name }: Error): number => warnings.push(name);
    process.on('warning', hear);
    const owner = `${me} pid ${spawnSync('true').pid}`;
    const hosts = Array.from({ length: 12 }, (_, index) => {
      const host = new LockableHost(`n-${index}`).heldBy({ owner, token: 3 });
      let asked = 0;
      host.onLock = () => (host.isHeld = ++asked < 2);
      return host;
    });
    await lock(hosts, Object.fromEntries(hosts.map(({ name }) => [name, 3])));
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  it('waits for nobody once one machine is refused', async () => {
    const [a, b] = two();
    a.heldBy({ owner: `${me} pid ${spawnSync('true').pid}`, token: 3 });
    b.heldBy({ owner: 'ann@laptop pid 4' });
    await expect(lock([a, b], { a: 3 })).rejects.toMatchObject({ code: 'locked', message: 'b is locked by ann@laptop pid 4' });
  });

  it('does not wait for a process of ours that lives, nor for one of the same number elsewhere', async () => {
    for (const owner of [`${me} pid ${process.pid}`, 'ops@desk pid 1', `${me} pid nonsense`, me]) {
      await expect(lock([new LockableHost('a').heldBy({ owner })])).rejects.toMatchObject({ code: 'locked' });
    }
  });
});

describe('holding', () => {
  it('renews until disposed, then gives all back, once and for all', async () => {
    const hosts = two();
    const held = await lock(hosts);
    const renewed = vi.fn<() => void>();
    for (const host of hosts) host.onLock = renewed;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(renewed).toHaveBeenCalledTimes(4);
    await held[Symbol.asyncDispose]();
    expect(hosts.map(({ isHeld }) => isHeld)).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(renewed).toHaveBeenCalledTimes(4);
    expect(held.lost.aborted).toBe(false);
  });

  it('tells when another run has taken a machine', async () => {
    const [a, b] = two();
    const held = await lock([a, b]);
    b.heldBy({ runId: 'r9', token: 99 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(held.lost.aborted).toBe(true);
  });

  it('goes on while a machine is away for a moment, and disposing never throws', async () => {
    const [a, b] = two();
    const held = await lock([a, b]);
    b.isReachable = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(held.lost.aborted).toBe(false);
    await held[Symbol.asyncDispose]();
    expect([a.isHeld, b.isHeld]).toEqual([false, true]);
  });
});
