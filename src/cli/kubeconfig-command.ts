import { buildCommand } from '@stricli/core';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { fileFlag } from './flags.ts';
import type { KubeconfigFlags } from './kubeconfig.ts';

export const kubeconfigCommand = buildCommand<KubeconfigFlags, [], CliContext>({
  loader: async () => (await import('./kubeconfig.ts')).kubeconfig,
  parameters: {
    flags: {
      ...fileFlag,
      out: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: 'write it there, for its owner alone; without it to standard output' },
    },
    aliases: { f: 'file' },
  },
  docs: describeCommand({
    brief: "print an administrator's kubeconfig that works from here",
    text: "Prints an administrator's kubeconfig that names a healthy control plane's address. Whoever has it can do everything in the cluster.",
    examples: ['kubewright kubeconfig --out kubeconfig', 'kubectl --kubeconfig kubeconfig get nodes'],
  }),
});
