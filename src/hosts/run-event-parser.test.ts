import { expect, test } from 'vitest';
import { RunEventParser } from './run-event-parser.ts';

function events(text: string, rest = ''): readonly unknown[] {
  const parser = new RunEventParser();
  parser.begin('n1');
  return [...parser.lines(Buffer.from(text)), ...parser.rest(Buffer.from(rest))];
}

test('lines belong to the action between its markers', () => {
  expect(events('before\n##kw n1 started 2\nwithin\n##kw n1 finished 2\nafter\n')).toEqual([
    { type: 'output', index: undefined, line: 'before' },
    { type: 'action.started', index: 2 },
    { type: 'output', index: 2, line: 'within' },
    { type: 'action.finished', index: 2 },
    { type: 'output', index: undefined, line: 'after' },
  ]);
});

test('a marker behind words without a newline counts', () => {
  expect(events('words##kw n1 finished 0\n')).toEqual([
    { type: 'output', index: undefined, line: 'words' },
    { type: 'action.finished', index: 0 },
  ]);
});

test('markers with another nonce are output', () => {
  expect(events('##kw other finished 0\n')).toEqual([{ type: 'output', index: undefined, line: '##kw other finished 0' }]);
});

test('a slot comes with its bytes and is no output', () => {
  expect(events('', '##kw n1 slot ca AAEC')).toEqual([{ type: 'slot.provided', slot: 'ca', bytes: Buffer.from([0, 1, 2]) }]);
});

test('every byte of the output is counted', () => {
  const parser = new RunEventParser();
  [...parser.lines(Buffer.from('ä\n\n')), ...parser.rest(Buffer.from('xy'))].forEach(() => undefined);
  expect(parser.seenBytes).toBe(6);
});
