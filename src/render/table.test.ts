import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';
import { paintFor } from './paint.ts';
import { renderTable } from './table.ts';

it('aligns columns by what a terminal shows', () => {
  const rows = [
    ['cp-1', '10.0.0.11', 'running'],
    ['準備', '10.0.0.2', ''],
  ];
  expect(renderTable(['name', 'address', 'state'], rows, paintFor(false))).toMatchInlineSnapshot(`
    "NAME  ADDRESS    STATE
    cp-1  10.0.0.11  running
    準備  10.0.0.2
    "
  `);
});

it.each([
  [-5, '0.0s'],
  [449, '0.4s'],
  [9999, '9.9s'],
  [10_000, '10s'],
  [59_999, '59s'],
  [185_000, '3m 05s'],
  [3_720_000, '1h 02m'],
])('says %d ms as %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});
