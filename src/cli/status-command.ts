import { buildCommand } from './build-command.ts';
import { AppError } from '../errors/app-error.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag } from './flags.ts';
import type { StatusFlags } from './status.ts';
import { sudoFlags } from './sudo-flags.ts';

export const statusCommand = buildCommand<StatusFlags, []>({
  loader: async () => (await import('./status.ts')).status,
  parameters: {
    flags: {
      ...fileFlag,
      ...sudoFlags,
      watch: { kind: 'boolean', optional: true, withNegated: false, brief: 'look again and again, until Ctrl-C' },
      interval: { kind: 'parsed', parse: parseSeconds, optional: true, placeholder: 'SECONDS', brief: 'with --watch: how long from the end of one look to the next; without it 5' },
      ...commonFlags,
    },
    aliases: { ...fileAliases, w: 'watch' },
  },
  docs: describeCommand({
    brief: 'show how the cluster is now',
    text: [
      "Shows nodes, what runs on them in which version, etcd's members with their leader, certificates' days, the endpoint, the last run and who holds a lock.",
      'It looks at every machine and through whichever control plane answers, answers within ten seconds whatever is down, and says what it could not see; then it exits with 4.',
      'It judges nothing: verify does. With --watch and -o json there is one JSON value a line.',
    ].join('\n'),
    examples: ['kubewright status', 'kubewright status --watch --interval 10', "kubewright status -o json | jq '.etcd[] | select(.leader).name'"],
  }),
});

function parseSeconds(input: string): number {
  if (/^[1-9]\d{0,3}$/.test(input)) return Number(input);
  throw new AppError('usage', 'a whole number of seconds from 1 up is needed');
}
