/**
 * Lines by which a script tells what it does, told from the output of programs by a nonce that only this run knows.
 * `##kw <nonce> started 3`, `##kw <nonce> finished 3`, `##kw <nonce> slot NAME BASE64`.
 */
export type Marker =
  | { readonly type: 'started'; readonly index: number }
  | { readonly type: 'finished'; readonly index: number }
  | { readonly type: 'slot'; readonly slot: string; readonly base64: string };

/** Shell functions that print markers; put before a script's actions. `kw_slot NAME` reads the value from standard input. */
export const markerFunctions = [
  `kw_started() { printf '##kw %s started %s\\n' "$KW_NONCE" "$1"; }`,
  `kw_finished() { printf '##kw %s finished %s\\n' "$KW_NONCE" "$1"; }`,
  `kw_slot() { printf '##kw %s slot %s ' "$KW_NONCE" "$1"; base64 -w0; printf '\\n'; }`,
].join('\n');

const MARKER = /^##kw (\S+) (started|finished|slot) (\S+)(?: (\S*))?$/;

/** The marker of one output line, or undefined for a program's own output. */
export function parseMarker(line: string, nonce: string): Marker | undefined {
  const match = MARKER.exec(line);
  if (match === null || match[1] !== nonce) return undefined;
  const [, , type, subject = '', rest = ''] = match;
  if (type === 'slot') return { type: 'slot', slot: subject, base64: rest };
  return { type: type === 'started' ? 'started' : 'finished', index: Number(subject) };
}
