import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRunName, encodeRunName } from './run-name.ts';

test('an id reads well as a name', () => {
  expect(encodeRunName('cp-2/join')).toBe('cp-2_2fjoin');
  expect(encodeRunName('..')).toBe('_2e.');
});

test('any id comes back from its name, which is safe in paths, units and shells', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }), (id) => {
      const name = encodeRunName(id);
      expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(decodeRunName(name)).toBe(id);
    }),
  );
});

test('an id too long for a unit name is refused', () => {
  expect(() => encodeRunName('x'.repeat(121))).toThrow('cannot name a run');
});
