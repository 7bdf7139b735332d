import stringWidth from 'string-width';

/** A part of a line; painted after it was cut, so that no style is torn. */
export interface Part {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const segmenter = new Intl.Segmenter();
const CUT = '…';

/** Parts as one line of at most `columns` columns, cut with an ellipsis. */
export function fitLine(parts: readonly Part[], columns: number): string {
  let left = columns;
  let line = '';
  for (const { text, paint } of parts) {
    const cut = cutTo(text, left);
    line += paint === undefined ? cut : paint(cut);
    left -= stringWidth(cut);
    if (cut !== text) break;
  }
  return line;
}

/** Pads to a width of columns, whatever the characters. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

function cutTo(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let cut = '';
  for (const { segment } of segmenter.segment(text)) {
    if (stringWidth(cut + segment) > columns - 1) break;
    cut += segment;
  }
  return columns > 0 ? cut + CUT : '';
}
