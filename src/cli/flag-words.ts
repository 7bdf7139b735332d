import type { Command } from '@stricli/core';
import type { CliContext } from './context.ts';

export type CommandParameters = Command<CliContext>['parameters'];
type Flag = NonNullable<CommandParameters['flags']>[string];

/** stricli knows flags by their name in code. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A flag as the list of flags has it, with what it takes: `--file FILE`, `--output text|json`, `--merge [FILE]`, `--packages/--no-packages`. */
export function flagWords(name: string, flag: Flag): string {
  const value = valueWords(flag);
  const plain = `--${kebab(name)}${value === undefined ? '' : ` ${value}`}${isVariadic(flag) ? '...' : ''}`;
  return isNegatable(flag) ? `${plain}/--no-${kebab(name)}` : plain;
}

/** What a flag is when it is not given, how several values of it are written, and that it must be given. */
export function flagNotes(flag: Flag): readonly string[] {
  const value = defaultOf(flag);
  return [
    ...(isOptional(flag) ? [] : ['required']),
    ...(value === undefined ? [] : [`default = ${String(value)}`]),
    ...('variadic' in flag && typeof flag.variadic === 'string' ? [`several times, or with "${flag.variadic}"`] : []),
  ];
}

/** One line of usage: what may be left out stands in brackets. */
export function usageWords({ flags = {}, positional }: CommandParameters, isNamed: (name: string) => boolean): readonly string[] {
  const ofFlags = Object.entries(flags).filter(([name, flag]) => flag.hidden !== true && (isNamed(name) || !isOptional(flag)));
  return [...ofFlags.map(([name, flag]) => usageOfFlag(name, flag)), ...argumentsOf(positional).map(({ words, isNeeded }) => (isNeeded ? words : `[${words}]`))];
}

/** A word of the command line that is no flag. */
export interface ArgumentWords {
  readonly words: string;
  readonly brief: string;
  readonly isNeeded: boolean;
}

/** What a command takes besides flags, in order. */
export function argumentsOf(positional: CommandParameters['positional']): readonly ArgumentWords[] {
  if (positional === undefined) return [];
  if (positional.kind === 'tuple')
    return positional.parameters.map(({ placeholder = 'VALUE', brief, optional = false, default: value }) => ({
      words: placeholder,
      brief,
      isNeeded: !optional && value === undefined,
    }));
  const { parameter, minimum = 0 } = positional;
  return [{ words: `${parameter.placeholder ?? 'VALUE'}...`, brief: parameter.brief, isNeeded: minimum > 0 }];
}

/** A flag that is on by itself is named by what turns it off. */
function usageOfFlag(name: string, flag: Flag): string {
  const words = isNegatable(flag) ? `--no-${kebab(name)}` : flagWords(name, flag).replace(/\.\.\.$/, '');
  return `${isOptional(flag) ? `[${words}]` : words}${isVariadic(flag) ? '...' : ''}`;
}

function valueWords(flag: Flag): string | undefined {
  if (flag.kind === 'enum') return flag.placeholder ?? flag.values.join('|');
  if (flag.kind !== 'parsed') return undefined;
  const { placeholder = 'VALUE', inferEmpty } = flag;
  return inferEmpty === true ? `[${placeholder}]` : placeholder;
}

function isVariadic(flag: Flag): boolean {
  return 'variadic' in flag && flag.variadic !== undefined && flag.variadic !== false;
}

function isNegatable(flag: Flag): boolean {
  return flag.kind === 'boolean' && flag.withNegated !== false && flag.default !== false;
}

function isOptional(flag: Flag): boolean {
  return flag.optional ?? defaultOf(flag) !== undefined;
}

function defaultOf(flag: Flag): boolean | string | readonly string[] | undefined {
  return 'default' in flag ? flag.default : undefined;
}
