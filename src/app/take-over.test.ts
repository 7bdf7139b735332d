import { expect, it } from 'vitest';
import type { LockFact } from '../facts/host-facts.ts';
import { laneId } from '../plan/plan.ts';
import { takeOverLocks } from './take-over.ts';
import { LockableHost } from './testing/lockable-host.ts';

const { signal } = new AbortController();
const seen: LockFact = { token: 3, runId: 'r9', owner: 'ann@laptop pid 4', since: 's', expires: 'e', isHeld: true };
const held = (...names: readonly string[]) => names.map((name) => [laneId(name), seen] as const);

function machines(): readonly [LockableHost, LockableHost, ReadonlyMap<ReturnType<typeof laneId>, ReturnType<LockableHost['host']>>] {
  const [a, b] = [new LockableHost('a').heldBy({ runId: 'r9', token: 3 }), new LockableHost('b').heldBy({ runId: 'r9', token: 3 })];
  return [a, b, new Map([a, b].map((each) => [laneId(each.name), each.host()] as const))];
}

it('leaves no lock held, and a number above that of the run', async () => {
  const [a, b, fleet] = machines();
  await takeOverLocks(held('a', 'b'), fleet, signal);
  expect([a, b].map(({ isHeld, holder }) => [isHeld, holder?.token])).toEqual([
    [false, 4],
    [false, 4],
  ]);
});

it('says who has a machine by now, and gives back what it took of the others', async () => {
  const [a, b, fleet] = machines();
  a.heldBy({ runId: 'r10', token: 9, owner: 'bob@desk pid 1' });
  await expect(takeOverLocks(held('a', 'b'), fleet, signal)).rejects.toMatchObject({
    code: 'locked',
    message: 'a is locked by bob@desk pid 1',
    hint: expect.stringContaining('--take-over r10'),
  });
  expect([a.isHeld, b.isHeld, b.holder?.token]).toEqual([true, false, 4]);
});
