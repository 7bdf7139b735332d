import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerPart } from './answer-parser.ts';
import { AnswerParser } from './answer-parser.ts';

/** Parts of a text that arrives in pieces cut at these places. */
function parse(text: string | Buffer, cuts: readonly number[] = []): readonly AnswerPart[] {
  const bytes = Buffer.from(text);
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const parser = new AnswerParser('abc');
  return places.slice(1).flatMap((to, index) => [...parser.push(bytes.subarray(places[index], to))]);
}

test('login noise before the beginning is passed over', () => {
  expect(parse('Welcome!\nno newline##kw-run abc 7\nout\n##kw-end abc exited 0\n')).toEqual([
    { type: 'begun', note: '7' },
    { type: 'lines', bytes: Buffer.from('out\n') },
    { type: 'ended', outcome: 'exited 0', rest: Buffer.alloc(0) },
  ]);
});

test('an answer may end without having begun', () => {
  expect(parse('noise\n##kw-end abc present\n')).toEqual([{ type: 'ended', outcome: 'present', rest: Buffer.alloc(0) }]);
});

test("another request's trailer is output", () => {
  expect(parse('##kw-run abc 1\n##kw-end other exited 0\n')).toContainEqual({ type: 'lines', bytes: Buffer.from('##kw-end other exited 0\n') });
});

test('a trailer cut short is no end', () => {
  expect(parse('##kw-run abc 1\nout##kw-end abc exi').map(({ type }) => type)).toEqual(['begun']);
});

test('output comes out byte for byte, however the answer is cut into pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(260)), (output, cuts) => {
      const bytes = Buffer.concat([Buffer.from('##kw-run abc x\n'), output, Buffer.from('##kw-end abc exited 3\n')]);
      const parts = parse(
        bytes,
        cuts.map((cut) => cut % bytes.length),
      );
      const seen = parts.map((part) => (part.type === 'lines' ? part.bytes : part.type === 'ended' ? part.rest : Buffer.alloc(0)));
      expect(Buffer.concat(seen).equals(Buffer.from(output))).toBe(true);
      expect(parts.at(-1)).toMatchObject({ type: 'ended', outcome: 'exited 3' });
    }),
  );
});
