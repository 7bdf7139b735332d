import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('is the JSON of the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it.each<readonly [what: string, value: unknown, expected: string]>([
  ['keys in the order of their code units', { b: 1, a: { d: 2, c: [{ f: 3, e: 4 }] }, B: 5 }, '{"B":5,"a":{"c":[{"e":4,"f":3}],"d":2},"b":1}'],
  ['what is undefined is left out of an object', { a: undefined, b: null }, '{"b":null}'],
  ['and is null in a list', [undefined, 1], '[null,1]'],
  ['undefined itself', undefined, 'null'],
  ['what says how it is written', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['text', 'a"b\n', '"a\\"b\\n"'],
])('%s', (_what, value, expected) => expect(canonicalJson(value)).toBe(expected));

it('refuses what refuses to be written', () => {
  const box = {
    toJSON: (): never => {
      throw new Error('of one node');
    },
  };
  expect(() => canonicalJson({ inner: [box] })).toThrow('of one node');
});
