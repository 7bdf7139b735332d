import { buildCommand } from '@stricli/core';
import type { AuditFlags } from './audit.ts';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonAliases, commonFlags } from './flags.ts';
import { parseAuditHost } from './parse-audit-host.ts';
import { ruleCodes } from './proposals.ts';

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
      ...commonFlags,
    },
    aliases: { ...commonAliases, f: 'file' },
  },
  docs: describeCommand({
    brief: "find one machine's values in what all machines share, in any cluster made with kubeadm",
    text: [
      'Looks at every machine of a cluster and at its shared objects, and reports what will break when a machine goes: made by kubeadm, by Kubespray, or by kubewright.',
      'It needs no cluster file, and changes nothing. What could not be seen is said and changes no exit code.',
    ].join('\n'),
    examples: [
      'kubewright audit --host root@10.0.0.11',
      'kubewright audit --fail-on warning',
      'kubewright audit --explain shared-advertise-address',
      "kubewright audit --host root@10.0.0.11 -o json | jq '.findings[].code'",
    ],
  }),
});
