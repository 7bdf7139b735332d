import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag } from './flags.ts';
import type { VerifyFlags } from './verify.ts';
import { sudoFlags } from './sudo-flags.ts';

export const verifyCommand = buildCommand<VerifyFlags, []>({
  loader: async () => (await import('./verify.ts')).verify,
  parameters: {
    flags: {
      ...fileFlag,
      ...sudoFlags,
      failOn: { kind: 'enum', values: ['error', 'warning', 'notice'], default: 'error', brief: 'exit with 7 for findings from this severity up' },
      ...commonFlags,
    },
    aliases: fileAliases,
  },
  docs: describeCommand({
    brief: 'hold the running cluster against the cluster file',
    text: [
      'Looks at every machine, at the cluster through its API, and at services and names from inside it, and reports what is not as it must be.',
      'For the look from inside it runs pods in namespace kubewright-verify, removed at the end. Exits with 4 when something that a check needs could not be seen.',
    ].join('\n'),
    examples: ['kubewright verify', 'kubewright verify --fail-on warning', "kubewright verify -o json | jq '.findings[].code'"],
  }),
});
