/** One request to a host, sent on the standard input of the one command that is ever given to ssh. */
export interface Frame {
  /** Shell program of the operation: constant, told apart from all data. */
  readonly program: string;
  /** Words of the header line: ids, numbers, nonces. Nothing that needs quoting. */
  readonly words: readonly (string | number)[];
  /** Texts that the program reads in their order; their lengths end the header line. */
  readonly texts?: readonly string[];
  /** Named bytes; with them the header line ends in their number. */
  readonly inputs?: ReadonlyMap<string, Uint8Array>;
}

/**
 * The remote command of every operation. Nothing of a request is in it, so nothing of a request is in the arguments of a
 * process. A program that arrives cut short is not run: `rm -rf "$a/b"` without its end is another command.
 */
export const LOADER = `exec /bin/sh -c 'IFS= read -r n && p=$(head -c "$n") && [ "\${#p}" -eq "$n" ] && eval "$p"'`;

const SAFE_WORD = /^[A-Za-z0-9._:+-]+$/;
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** The bytes of a request: program length, program, header line, texts, then each input with a line of its own. */
export function encodeFrame(frame: Frame): Uint8Array {
  const program = textBytes(frame.program);
  const texts = (frame.texts ?? []).map(textBytes);
  const inputs = [...(frame.inputs ?? [])];
  const counts = frame.inputs === undefined ? [] : [inputs.length];
  const header = [...frame.words.map(safeWord), ...texts.map((text) => text.length), ...counts].join(' ');
  return Buffer.concat([
    Buffer.from(`${program.length}\n`),
    program,
    Buffer.from(`${header}\n`),
    ...texts,
    ...inputs.flatMap(([name, bytes]) => [Buffer.from(`${safeName(name)} ${bytes.length}\n`), bytes]),
  ]);
}

/** What a shell variable can hold: no NUL, and no newlines at the end, since `$(...)` drops them. */
function textBytes(text: string): Uint8Array {
  if (text.includes('\0')) throw new Error('a script cannot hold a NUL byte');
  return Buffer.from(text.replace(/\n+$/, ''), 'utf8');
}

function safeWord(word: string | number): string {
  const text = String(word);
  if (!SAFE_WORD.test(text)) throw new Error(`not a word of a frame's header: ${JSON.stringify(text)}`);
  return text;
}

function safeName(name: string): string {
  if (!SAFE_NAME.test(name)) throw new Error(`not the name of an input file: ${JSON.stringify(name)}`);
  return name;
}
