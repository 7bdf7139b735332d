import type { BaseArgs, Command, CommandBuilderArguments } from '@stricli/core';
import { buildCommand as buildStricliCommand } from '@stricli/core';
import { commandHelp } from './command-help.ts';
import type { CliContext } from './context.ts';
import type { Docs } from './describe.ts';
import { usageWords } from './flag-words.ts';

type Given<FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>, ARGS extends BaseArgs> = CommandBuilderArguments<FLAGS, ARGS, CliContext> & { readonly docs: Docs };

/** A command with its flags, whose help is ours. */
export function buildCommand<const FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>, const ARGS extends BaseArgs>(given: Given<FLAGS, ARGS>): Command<CliContext> {
  const command = buildStricliCommand<FLAGS, ARGS, CliContext>(given);
  const { parameters } = command;
  const { fullDescription: text, customUsage: usage } = given.docs;
  return {
    ...command,
    // Of lists of commands: what must be given alone.
    formatUsageLine: ({ prefix }) => [...prefix, ...usageWords(parameters, () => false)].join(' '),
    formatHelp: (args) => commandHelp({ parameters, text, usage }, args),
  };
}
