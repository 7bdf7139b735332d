import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import { fileFlag } from './flags.ts';
import type { KubeconfigFlags } from './kubeconfig.ts';
import { sudoFlags } from './sudo-flags.ts';

export const kubeconfigCommand = buildCommand<KubeconfigFlags, []>({
  loader: async () => (await import('./kubeconfig.ts')).kubeconfig,
  parameters: {
    flags: {
      ...fileFlag,
      ...sudoFlags,
      out: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: 'write it there, for its owner alone; without it to standard output' },
      merge: {
        kind: 'parsed',
        parse: String,
        optional: true,
        inferEmpty: true,
        placeholder: 'FILE',
        brief: 'put it into this kubeconfig; without FILE your own: the first of $KUBECONFIG, else ~/.kube/config',
      },
      context: { kind: 'parsed', parse: String, optional: true, placeholder: 'NAME', brief: "with --merge: name of the entry; without it the cluster's name" },
    },
    aliases: { f: 'file' },
  },
  docs: describeCommand({
    brief: "print an administrator's kubeconfig that works from here",
    text: [
      "Prints an administrator's kubeconfig that names a healthy control plane's address. Whoever has it can do everything in the cluster.",
      '--merge puts it into a kubeconfig that is there, or renews what an earlier merge put there. All other entries and the current context stay; a copy of the file is kept beside it.',
    ].join('\n'),
    usage: ['[--file FILE] [--out FILE]', '[--file FILE] --merge [FILE] [--context NAME]'],
    examples: [
      'kubewright kubeconfig --out kubeconfig',
      'kubectl --kubeconfig kubeconfig get nodes',
      'kubewright kubeconfig --merge',
      'kubewright kubeconfig --merge --context prod',
    ],
  }),
});
