import { AppError } from '../errors/app-error.ts';
import type { SourceWish } from '../app/artifact-source.ts';
import { parseSource } from './parse-source.ts';
import type { OutputFormat } from './terminal.ts';

/** Flags of every command that gives a value. They are in force before any command runs: see `terminalOf`. */
export interface CommonFlags {
  readonly output: OutputFormat;
  readonly noColor?: boolean;
}

export const commonFlags = {
  output: { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'form of what is printed' },
  noColor: { kind: 'boolean', optional: true, withNegated: false, brief: 'no colours, as with NO_COLOR set' },
} as const;

export const commonAliases = { o: 'output' } as const;

export interface FileFlag {
  readonly file?: string;
}

export const fileFlag = {
  file: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: 'cluster file, - for standard input; without it ./cluster.yaml' },
} as const;

export interface SourceFlag {
  readonly source?: SourceWish;
}

export const sourceFlag = {
  source: {
    kind: 'parsed',
    parse: parseSource,
    proposeCompletions: () => ['go', 'upstream', 'bundle:'],
    optional: true,
    placeholder: 'SOURCE',
    brief: 'where programs and images come from: go, upstream or bundle:DIR; without it one is chosen, and said',
  },
} as const;

export interface TakeOverFlag {
  readonly takeOver?: string;
}

/** Of commands that change machines. */
export const takeOverFlag = {
  takeOver: { kind: 'parsed', parse: String, optional: true, placeholder: 'RUN', brief: 'take the locks of this run, which may live: its id as the refusal shows it' },
} as const;

export const fileAliases = { ...commonAliases, f: 'file' } as const;

/** Reads a count of things. */
export function parseCount(input: string): number {
  if (/^\d{1,4}$/.test(input)) return Number(input);
  throw new AppError('usage', 'a whole number is needed');
}
