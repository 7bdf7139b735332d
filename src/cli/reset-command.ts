import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag, takeOverFlag } from './flags.ts';
import { parseConsent } from './parse-consent.ts';
import type { ResetFlags } from './reset.ts';
import { sudoFlags } from './sudo-flags.ts';

export const resetCommand = buildCommand<ResetFlags, []>({
  loader: async () => (await import('./reset.ts')).reset,
  parameters: {
    flags: {
      ...fileFlag,
      ...sudoFlags,
      ...commonFlags,
      dryRun: { kind: 'boolean', optional: true, withNegated: false, brief: 'show what would be removed and given back, and change nothing' },
      allow: {
        kind: 'parsed',
        parse: parseConsent,
        proposeCompletions: () => ['reset=', 'unreachable=', 'left-behind=', 'containers='],
        optional: true,
        variadic: ',',
        placeholder: 'CODE=NAME',
        brief:
          'reset=CLUSTER: it may go; unreachable=NODE: go on without that machine; left-behind=NODE: go on although the file lacks that node; containers=NODE: end containers of others there',
      },
      ...takeOverFlag,
      yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'do not ask; needs --allow reset=CLUSTER' },
    },
    aliases: { ...fileAliases, y: 'yes' },
  },
  docs: describeCommand({
    brief: 'take the whole cluster from its machines, and give back what was there before',
    text: [
      'Every machine keeps a ledger of what was there before the first change. From it comes a plan, shown first: what is stopped, removed and given back on each machine, and what stays.',
      'Everything in the cluster is lost: its objects, its keys, the data of its volumes on these machines. The machines can be deployed again, to this or another cluster.',
      'What the tool and its cluster did not make is not removed, but in directories that were absent or empty before them, such as /var/lib/containerd, everything goes. A machine without a ledger that holds a node is refused, and so is one on whose runtime others have containers, which are named. Run it again after whatever went wrong: it goes on from what is there.',
    ].join('\n'),
    examples: [
      'kubewright reset --dry-run',
      'kubewright reset -f prod.yaml',
      'kubewright reset -f prod.yaml --yes --allow reset=prod',
      'kubewright reset --yes --allow reset=prod --allow unreachable=w-3',
      'kubewright reset --yes --allow reset=prod --allow containers=w-1',
      'kubewright reset --dry-run -o json',
    ],
  }),
});
