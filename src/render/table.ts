import stringWidth from 'string-width';
import { padTo } from './fit.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';

const GAP = '  ';

/** Rows under a head, columns as wide as their widest cell. Ends with a newline. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const clean = rows.map((row) => row.map(harmless));
  const widths = head.map((title, column) => Math.max(...[title, ...clean.map((row) => row[column] ?? '')].map((cell) => stringWidth(cell))));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => padTo(cells[column] ?? '', width))
      .join(GAP)
      .trimEnd();
  return `${[paint.bold(line(head.map((title) => title.toUpperCase()))), ...clean.map(line)].join('\n')}\n`;
}
