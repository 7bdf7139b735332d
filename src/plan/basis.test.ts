import { expect, it } from 'vitest';
import { readThrough, recordBasis } from './basis.ts';
import type { Fact, FactKey } from './fact.ts';
import { known, unknown } from './fact.ts';
import { laneId } from './plan.ts';

interface Facts {
  readonly swap: Fact<{ readonly on: boolean; readonly size: number }>;
}

const swap: FactKey<Facts, { readonly on: boolean; readonly size: number }> = { key: 'swap', pick: (facts) => facts.swap, show: (value) => (value.on ? 'on' : 'off') };
const facts = (on: boolean): Facts => ({ swap: known({ on, size: 1 }) });

it('notes what was observed at the first read, and answers with what is predicted', () => {
  const basis = recordBasis();
  const lane = laneId('cp-1');
  expect(readThrough(basis, { facts: facts(false), observed: facts(true), lane }).read(swap)).toEqual(known({ on: false, size: 1 }));
  readThrough(basis, { facts: facts(false), lane }).read(swap);
  expect(basis.relied()).toMatchInlineSnapshot(`
    [
      {
        "digest": "8ccde3d668a437817077bdcf2b78d381a9237ed4423100dfc51f296be711050a",
        "fact": "swap",
        "lane": "cp-1",
        "shown": "on",
      },
    ]
  `);
});

it('digests values whatever the order of their keys, and unknowns whatever their words', () => {
  const digestOf = (value: Facts): string | undefined => {
    const basis = recordBasis();
    readThrough(basis, { facts: value }).read(swap);
    return basis.relied()[0]?.digest;
  };
  expect(digestOf({ swap: known({ size: 1, on: true }) })).toBe(digestOf(facts(true)));
  expect(digestOf({ swap: unknown('timed out') })).toBe(digestOf({ swap: unknown('no answer') }));
  expect(digestOf({ swap: unknown('x') })).not.toBe(digestOf({ swap: { state: 'unreachable', why: 'x' } }));
});

it('is ordered by lane and fact, not by who read first', () => {
  const basis = recordBasis();
  for (const name of ['b', 'a']) readThrough(basis, { facts: facts(true), lane: laneId(name) }).read(swap);
  readThrough(basis, { facts: facts(true) }).read(swap);
  expect(basis.relied().map(({ lane }) => lane)).toEqual([undefined, 'a', 'b']);
});
