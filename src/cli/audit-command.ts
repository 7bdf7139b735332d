import { buildCommand } from '@stricli/core';
import type { AuditFlags } from './audit.ts';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonAliases, commonFlags, takeOverFlag } from './flags.ts';
import { parseAuditHost } from './parse-audit-host.ts';
import { ruleCodes } from './proposals.ts';
import { sudoFlags } from './sudo-flags.ts';

export const auditCommand = buildCommand<AuditFlags, [], CliContext>({
  loader: async () => (await import('./audit.ts')).audit,
  parameters: {
    flags: {
      host: {
        kind: 'parsed',
        parse: parseAuditHost,
        optional: true,
        variadic: ',',
        placeholder: 'USER@ADDRESS',
        brief: 'a machine of the cluster, best a control plane; the others are found through it',
      },
      file: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: 'cluster file; without it and without --host ./cluster.yaml' },
      identityFile: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: "private key for --host; without it as ssh's own configuration says" },
      knownHosts: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: "known host keys for --host; without it as ssh's own configuration says" },
      failOn: { kind: 'enum', values: ['error', 'warning', 'notice'], default: 'error', brief: 'exit with 7 for findings from this severity up' },
      explain: {
        kind: 'parsed',
        parse: String,
        proposeCompletions: ruleCodes,
        optional: true,
        placeholder: 'CODE',
        brief: 'say what a finding of this code means, and do nothing else',
      },
      fix: { kind: 'boolean', optional: true, withNegated: false, brief: 'mend what was found: shows the plan, asks, carries it out, and looks again' },
      only: {
        kind: 'parsed',
        parse: String,
        proposeCompletions: ruleCodes,
        optional: true,
        variadic: ',',
        placeholder: 'CODE',
        brief: 'with --fix: mend findings of these codes alone',
      },
      dryRun: { kind: 'boolean', optional: true, withNegated: false, brief: 'with --fix: show the plan and change nothing' },
      yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'with --fix: do not ask before changing machines' },
      takeOver: { ...takeOverFlag.takeOver, brief: `with --fix: ${takeOverFlag.takeOver.brief}` },
      ...sudoFlags,
      ...commonFlags,
    },
    aliases: { ...commonAliases, f: 'file', y: 'yes' },
  },
  docs: describeCommand({
    brief: "find one machine's values in what all machines share, in any cluster made with kubeadm",
    text: [
      'Looks at every machine of a cluster and at its shared objects, and reports what will break when a machine goes: made by kubeadm, by Kubespray, or by kubewright.',
      'It needs no cluster file, and changes nothing. What could not be seen is said and changes no exit code.',
      'With --fix it mends what can be mended while the cluster serves: shared state first, then one control plane after another, each proven before the next; what stood there is kept. The rest it says how to do by hand.',
    ].join('\n'),
    examples: [
      'kubewright audit --host root@10.0.0.11',
      'kubewright audit --host ops@10.0.0.11 --ask-sudo-password',
      'kubewright audit --fail-on warning',
      'kubewright audit --explain shared-advertise-address',
      "kubewright audit --host root@10.0.0.11 -o json | jq '.findings[].code'",
      'kubewright audit --fix --dry-run --host root@10.0.0.11',
      'kubewright audit --fix --yes --only shared-advertise-address --host root@10.0.0.11',
    ],
  }),
});
