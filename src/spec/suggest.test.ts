import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

it.each([
  ['netwrk', ['network', 'nodes'], 'network'],
  ['podCidr', ['podCIDR', 'serviceCIDR'], 'podCIDR'],
  ['label', ['labels', 'taints'], 'labels'],
  ['1.36.4', ['1.36.3', '1.37.2'], '1.36.3'],
  ['zzz', ['network', 'nodes'], undefined],
  ['x', ['y'], undefined],
  ['a'.repeat(100_000), ['network'], undefined],
])('%s of %j: %s', (word, known, meant) => {
  expect(suggest(word, known)).toBe(meant);
});

it('a distance is zero for equal words alone, the same both ways, and never above the longer word', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
