import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import { commonFlags, fileAliases, fileFlag, sourceFlag, takeOverFlag } from './flags.ts';
import type { ApplyFlags } from './apply.ts';
import { parseConsent } from './parse-consent.ts';
import { checkCodes } from './proposals.ts';
import { sudoFlags } from './sudo-flags.ts';

export const applyCommand = buildCommand<ApplyFlags, []>({
  loader: async () => (await import('./apply.ts')).apply,
  parameters: {
    flags: {
      ...fileFlag,
      ...sourceFlag,
      ...sudoFlags,
      ...commonFlags,
      check: { kind: 'boolean', optional: true, withNegated: false, brief: 'judge the machines, plan nothing and change nothing' },
      allow: {
        kind: 'parsed',
        parse: parseConsent,
        proposeCompletions: checkCodes,
        optional: true,
        variadic: ',',
        placeholder: 'CODE[=NODE]',
        brief: 'go on with this warning of preflight, of all nodes or of one; never with an error',
      },
      ...takeOverFlag,
      yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'do not ask before changing machines' },
    },
    aliases: { ...fileAliases, y: 'yes' },
  },
  docs: describeCommand({
    brief: 'bring the machines to what the cluster file says',
    text: [
      'Judges the machines first, all at once: an error refuses, a warning needs consent by name. Then it plans as plan does, asks, and carries the plan out.',
      'Run it again after whatever went wrong: it looks at the machines and goes on from what is there.',
      'The first run on this machine obtains what the cache lacks, as plan does. It also writes down beside the cluster file whose bytes it used: later runs use the same (see artifacts lock --help).',
      'A user other than root (ssh.user in the cluster file) becomes root with sudo; the password, if it wants one, is asked for or read once, tried on one machine first, and once on each.',
      'Ctrl-C starts nothing new and waits for what runs; a second one leaves what runs to finish on its machine.',
    ].join('\n'),
    examples: [
      'kubewright apply',
      'kubewright apply --check',
      'kubewright apply -f prod.yaml --yes',
      'kubewright apply --source bundle:bundle',
      'kubewright apply --yes --allow swap-on=w-1',
      'kubewright apply --ask-sudo-password',
      'kubewright apply --yes --sudo-password-file /run/secrets/sudo',
      'kubewright apply --yes -o json > events.jsonl',
    ],
  }),
});
