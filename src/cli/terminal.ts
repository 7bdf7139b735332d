import type { Paint } from '../render/paint.ts';
import { paintFor, wantsColor } from '../render/paint.ts';
import type { ProgressStream } from '../render/progress.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The streams of the process, or a test's. */
export interface Streams {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: ProgressStream;
  readonly stderr: ProgressStream;
  readonly env: Environment;
  /** False once a write to standard output has found nobody to read it. */
  readonly hasReader?: () => boolean;
}

export type OutputFormat = 'text' | 'json';

/** Where a command's words go. Values go to stdout alone; what is said on the way goes to stderr. */
export interface Terminal {
  readonly format: OutputFormat;
  readonly hasReader: () => boolean;
  readonly stdout: ProgressStream;
  readonly stderr: ProgressStream;
  /** With `NO_COLOR` set if `--no-color` was given. */
  readonly env: Environment;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** Whether a person is there to answer a question. */
  readonly canAsk: boolean;
  /** The same where the answer goes elsewhere: a secret is asked for beside it. */
  readonly canAskSecret: boolean;
}

/**
 * Reads the two flags of every command from the bare command line: an error in the command line itself is to be shown in the form that was asked for, too. That the flags are
 * allowed there, and well-formed, is checked with the rest.
 */
export function terminalOf(argv: readonly string[], { stdin, stdout, stderr, env: given, hasReader = () => true }: Streams): Terminal {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const env = words.includes('--no-color') ? { ...given, NO_COLOR: '1' } : given;
  return {
    format: formatOf(words),
    stdout,
    stderr,
    env,
    hasReader,
    paint: paintFor(wantsColor(stdout, env)),
    errorPaint: paintFor(wantsColor(stderr, env)),
    canAsk: stdin.isTTY === true && stdout.isTTY === true,
    canAskSecret: stdin.isTTY === true && stderr.isTTY === true,
  };
}

/** `-ojson` and `-o=json`, as kubectl takes them, as `-o json`. */
export function withSpacedOutput(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((word, index) => {
    const attached = end === -1 || index < end ? /^-o=?(json|text)$/.exec(word)?.[1] : undefined;
    return attached === undefined ? [word] : ['-o', attached];
  });
}

function formatOf(words: readonly string[]): OutputFormat {
  const isJson = words.some((word, index) => /^(-o|--output)=json$/.test(word) || (/^(-o|--output)$/.test(word) && words[index + 1] === 'json'));
  return isJson ? 'json' : 'text';
}

/** Gives a command's one value: as JSON, or in words. */
export function answer<T>(terminal: Terminal, value: T, words: (value: T, paint: Paint) => string): void {
  terminal.stdout.write(terminal.format === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : words(value, terminal.paint));
}

/** One line about what goes on, beside the answer. */
export function say({ stderr }: Terminal, line: string): void {
  stderr.write(`${line}\n`);
}
