import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag, sourceFlag } from './flags.ts';
import type { PlanFlags } from './plan.ts';
import { sudoFlags } from './sudo-flags.ts';

export const planCommand = buildCommand<PlanFlags, []>({
  loader: async () => (await import('./plan.ts')).plan,
  parameters: {
    flags: {
      ...fileFlag,
      ...sourceFlag,
      ...sudoFlags,
      ...commonFlags,
      exitCode: { kind: 'boolean', optional: true, withNegated: false, brief: 'exit with 7 when changes are pending' },
    },
    aliases: fileAliases,
  },
  docs: describeCommand({
    brief: 'show what apply would do',
    text: [
      'Looks at every machine and shows what apply would do there, in order: files with their differences, commands, restarts, and why. Changes nothing.',
      'The first plan on this machine obtains what the cache lacks, after a look at the machines that tells what refuses the plan anyway: fetched from upstream where that answers, else built, about a quarter',
      'of an hour on 2 cores. kubewright artifacts ensure does it ahead of need.',
    ].join('\n'),
    examples: ['kubewright plan', 'kubewright plan -f prod.yaml --exit-code', 'kubewright plan -o json | jq -r .digest'],
  }),
});
