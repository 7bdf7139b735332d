import { stripVTControlCharacters } from 'node:util';

type Style = (text: string) => string;

/** Styles of a terminal, or none. */
export interface Paint {
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly cyan: Style;
  readonly bold: Style;
  readonly dim: Style;
  readonly underline: Style;
}

const RESET = '\u001B[0m';
// Everything but tab: remote output must not move the cursor or ring.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;

const styleOf =
  (code: number, useColor: boolean): Style =>
  (text) =>
    useColor && text !== '' ? `\u001B[${code}m${text}${RESET}` : text;

export function paintFor(useColor: boolean): Paint {
  const style = (code: number): Style => styleOf(code, useColor);
  return { red: style(31), green: style(32), yellow: style(33), cyan: style(36), bold: style(1), dim: style(2), underline: style(4) };
}

/** Colours on a terminal only, and not where `NO_COLOR` is set to anything (no-color.org) or the terminal is dumb. */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Words from elsewhere as one line that does nothing to a terminal. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(CONTROL, ' ').replaceAll('\t', '  ');
}
