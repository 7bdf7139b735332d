import type { Command } from '@stricli/core';
import type { Paint } from '../render/paint.ts';
import { paintFor } from '../render/paint.ts';
import type { CliContext } from './context.ts';
import type { CommandParameters } from './flag-words.ts';
import { argumentsOf, flagNotes, flagWords, usageWords } from './flag-words.ts';
import { commonFlags, takeOverFlag } from './flags.ts';
import { sudoFlags } from './sudo-flags.ts';

type HelpArguments = Parameters<Command<CliContext>['formatHelp']>[0];

/** Flags of many commands: the list has them, a usage line would be lost among them. */
const OF_MANY: ReadonlySet<string> = new Set(Object.keys({ ...commonFlags, ...sudoFlags, ...takeOverFlag }));

/** What the help of a command is made from. */
export interface Helped {
  readonly parameters: CommandParameters;
  readonly text: string;
  /** In the place of the usage line that is made from the parameters. */
  readonly usage: readonly string[] | undefined;
}

/** `--help` of a command. stricli's own names no value that a flag takes, and has everything optional in brackets twice. */
export function commandHelp({ parameters, text, usage }: Helped, args: HelpArguments): string {
  const { headers } = args.text;
  const paint = paintFor(args.ansiColor);
  const prefix = args.prefix.join(' ');
  const usages = usage ?? [usageWords(parameters, (name) => !OF_MANY.has(name)).join(' ')];
  const further = args.additionalFlags.filter(({ hidden }) => hidden !== true);
  const section = (title: string, lines: readonly string[]): string => [paint.underline(title), ...lines.map((line) => `  ${line}`)].join('\n');
  const words = argumentsOf(parameters.positional);
  const sections = [
    section(
      headers.usage,
      [...usages, ...further.map(({ name }) => `--${name}`)].map((line) => `${prefix} ${line}`.trimEnd()),
    ),
    text,
    section(headers.flags, columns([...flagRows(parameters), ...furtherRows(further, args)], paint)),
    ...(words.length === 0
      ? []
      : [
          section(
            headers.arguments,
            columns(
              words.map(({ words: name, brief, isNeeded }) => [isNeeded ? name : `[${name}]`, brief]),
              paint,
            ),
          ),
        ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

type Row = readonly [words: string, brief: string];

const ALIAS = '-x '.length;

function flagRows({ flags = {}, aliases = {} }: CommandParameters): readonly Row[] {
  return Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name, flag]) => {
      const [alias] = Object.entries(aliases).find(([, of]) => of === name) ?? [];
      const notes = flagNotes(flag);
      return [`${aliasWords(alias)}${flagWords(name, flag)}`, `${flag.brief}${notes.length === 0 ? '' : ` [${notes.join(', ')}]`}`];
    });
}

/** stricli's own flags, and the sign behind which no flags are. */
function furtherRows(further: HelpArguments['additionalFlags'], { includeArgumentEscapeSequenceFlag: hasEscape, text }: HelpArguments): readonly Row[] {
  return [
    ...further.map(({ name, aliases, brief }): Row => [`${aliasWords(aliases?.[0])}--${name}`, brief]),
    ...(hasEscape ? [[`${aliasWords(undefined)}--`, text.briefs.argumentEscapeSequence] as const] : []),
  ];
}

function aliasWords(alias: string | undefined): string {
  return (alias === undefined ? '' : `-${alias}`).padEnd(ALIAS);
}

function columns(rows: readonly Row[], { bold }: Paint): readonly string[] {
  const width = Math.max(...rows.map(([words]) => words.length));
  return rows.map(([words, brief]) => `${bold(words.padEnd(width))}  ${brief}`);
}
