import type { Application, InputCompletion, StricliDynamicCommandContext } from '@stricli/core';
import { proposeCompletions } from '@stricli/core';
import type { CliContext } from './context.ts';

const FLAG_WITH_VALUE = /^(?<flag>--?[A-Za-z][\w-]*)=(?<value>.*)$/;

/**
 * What could stand in the place of the last of `words`, a line each for the shell: the whole word, a tab, what it means. Nothing is proposed behind `--`, where another program's
 * words begin.
 */
export async function completionLines(
  application: Application<CliContext>,
  words: readonly string[],
  context: StricliDynamicCommandContext<CliContext>,
): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  if (before.includes('--')) return [];
  const { flag, value = '' } = FLAG_WITH_VALUE.exec(current)?.groups ?? {};
  if (flag === undefined) return (await proposeCompletions(application, [...before, current], context)).map((proposal) => line(proposal));
  const proposals = await proposeCompletions(application, [...before, flag, value], context);
  return proposals.filter(({ kind }) => kind === 'argument:value').map((proposal) => line(proposal, `${flag}=`));
}

function line({ completion, brief }: InputCompletion, prefix = ''): string {
  return `${prefix}${completion}\t${brief}`;
}
