import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasQuorum, majority, tolerance } from './quorum.ts';

it.each([
  [0, 1, 0],
  [1, 1, 0],
  [2, 2, 0],
  [3, 2, 1],
  [4, 3, 1],
  [5, 3, 2],
  [7, 4, 3],
])('of %i members %i must agree and %i may be down', (members, needed, spare) => {
  expect([majority(members), tolerance(members)]).toEqual([needed, spare]);
});

it('two parts of the members never both have quorum', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.nat(99), (members, size) => {
      const part = Math.min(size, members);
      expect(hasQuorum(members, part) && hasQuorum(members, members - part)).toBe(false);
    }),
  );
});

it('quorum holds exactly as long as no more members are down than are tolerated', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.nat(99), (members, down) => {
      expect(hasQuorum(members, members - down)).toBe(down <= tolerance(members));
    }),
  );
});
