import { buildCommand } from '@stricli/core';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag } from './flags.ts';
import type { ApplyFlags } from './apply.ts';

export const applyCommand = buildCommand<ApplyFlags, [], CliContext>({
  loader: async () => (await import('./apply.ts')).apply,
  parameters: {
    flags: {
      ...fileFlag,
      ...commonFlags,
      yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'do not ask before changing machines' },
    },
    aliases: { ...fileAliases, y: 'yes' },
  },
  docs: describeCommand({
    brief: 'bring the machines to what the cluster file says',
    text: [
      'Plans as plan does, asks, and carries the plan out. Run it again after whatever went wrong: it looks at the machines and goes on from what is there.',
      'The first run on this machine builds what the cache lacks, as plan does: about a quarter of an hour on 2 cores.',
      'Ctrl-C starts nothing new and waits for what runs; a second one leaves what runs to finish on its machine.',
    ].join('\n'),
    examples: ['kubewright apply', 'kubewright apply -f prod.yaml --yes', 'kubewright apply --yes -o json > events.jsonl'],
  }),
});
