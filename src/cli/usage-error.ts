import {
  AliasNotFoundError,
  ArgumentParseError,
  EnumValidationError,
  FlagNotFoundError,
  InvalidNegatedFlagSyntaxError,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from '@stricli/core';
import { AppError } from '../errors/app-error.ts';
import { errorCodes } from '../errors/codes.ts';
import { kebab } from './flag-words.ts';

const LEAST_LETTERS = 3;

/** What is wrong with the command line, in our words. `command` is the command as far as it was understood: `kubewright lab up`. */
export function usageError(error: unknown, command: string): AppError {
  const { what, meant = [], input = '', hint = hintOf(input, meant, command), details = [] } = wordsOf(error);
  return new AppError('usage', what, { hint, details, cause: error });
}

/** A word where a command's name should be. */
export function unknownCommand(input: string, corrections: readonly string[], command: string): AppError {
  return new AppError('usage', `there is no command ${command} ${input}`, { hint: hintOf(input, corrections, command) });
}

function hintOf(input: string, meant: readonly string[], command: string): string {
  const see = `see ${command} --help`;
  // Two letters are near to everything.
  return meant.length === 0 || input.length < LEAST_LETTERS ? see : `did you mean ${meant.join(' or ')}? ${see}`;
}

interface Words {
  readonly what: string;
  readonly input?: string;
  readonly meant?: readonly string[];
  /** What to do, where who reads the value says it more exactly than the help. */
  readonly hint?: string | undefined;
  readonly details?: readonly string[];
}

function wordsOf(error: unknown): Words {
  return wordsOfFlag(error) ?? wordsOfArgument(error) ?? { what: error instanceof Error ? error.message : String(error) };
}

function wordsOfFlag(error: unknown): Words | undefined {
  if (error instanceof FlagNotFoundError) return { what: `there is no flag --${error.input}`, input: error.input, meant: error.corrections.map((name) => `--${kebab(name)}`) };
  if (error instanceof AliasNotFoundError) return { what: `there is no flag -${error.input}` };
  if (error instanceof EnumValidationError) return { what: `--${error.externalFlagName} takes ${error.values.join(' or ')}, not ${JSON.stringify(error.input)}` };
  if (error instanceof UnsatisfiedFlagError) return { what: `--${error.externalFlagName} needs a value` };
  if (error instanceof UnexpectedFlagError)
    return { what: `--${error.externalFlagName} is given twice: ${JSON.stringify(error.previousInput)} and ${JSON.stringify(error.input)}` };
  if (error instanceof InvalidNegatedFlagSyntaxError) return { what: `--${error.externalFlagName} takes no value` };
  return undefined;
}

function wordsOfArgument(error: unknown): Words | undefined {
  if (error instanceof ArgumentParseError) {
    const { exception, externalFlagNameOrPlaceholder: name, input } = error;
    const isFlag = !/^[A-Z]/.test(name);
    const what = `${isFlag ? '--' : ''}${name} ${JSON.stringify(input)}: ${exception instanceof Error ? exception.message : String(exception)}`;
    if (!(exception instanceof AppError)) return { what };
    return { what, details: exception.details, hint: exception.hint === errorCodes.usage.hint ? undefined : exception.hint };
  }
  if (error instanceof UnexpectedPositionalError) return { what: `unexpected argument ${JSON.stringify(error.input)}` };
  if (error instanceof UnsatisfiedPositionalError) return { what: `${error.placeholder} is missing` };
  return undefined;
}
