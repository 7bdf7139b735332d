import { buildCommand } from './build-command.ts';
import { describeCommand } from './describe.ts';
import type { InitFlags } from './init.ts';
import { kubernetesVersions } from './proposals.ts';

const text = { kind: 'parsed', parse: String } as const;
const nodes = { ...text, optional: true, variadic: ',', placeholder: '[NAME=]ADDRESS' } as const;

export const initCommand = buildCommand<InitFlags, []>({
  loader: async () => (await import('./init.ts')).init,
  parameters: {
    flags: {
      name: { ...text, default: 'demo', placeholder: 'NAME', brief: 'name of the cluster; cannot change later' },
      controlPlane: { ...nodes, brief: 'a control plane' },
      worker: { ...nodes, brief: 'a worker' },
      user: { ...text, default: 'root', placeholder: 'USER', brief: 'user that logs in on every node' },
      identityFile: { ...text, optional: true, placeholder: 'FILE', brief: 'private key; without it ssh chooses' },
      kubernetesVersion: {
        ...text,
        proposeCompletions: kubernetesVersions,
        optional: true,
        placeholder: 'VERSION',
        brief: 'Kubernetes release; without it the one that all tests run on',
      },
      podCidr: { ...text, optional: true, placeholder: 'CIDR', brief: 'IPv4 range of the pods; cannot change later' },
      serviceCidr: { ...text, optional: true, placeholder: 'CIDR', brief: 'IPv4 range of the services; cannot change later' },
      out: { ...text, default: 'cluster.yaml', placeholder: 'FILE', brief: 'write it there; - is standard output' },
      force: { kind: 'boolean', optional: true, withNegated: false, brief: 'replace a file that is there' },
    },
  },
  docs: describeCommand({
    brief: 'write a cluster file with comments, to begin with',
    text: [
      'Writes a cluster file with comments, checked as plan checks it. Nodes without a name are numbered: cp-1, cp-2, w-1. Without any node it has examples to replace.',
      'No connection is opened, and a file that is there stays as it is unless --force is given.',
    ].join('\n'),
    usage: ['[--control-plane [NAME=]ADDRESS]... [--worker [NAME=]ADDRESS]... [--name NAME] [--user USER] [--out FILE] [--force]'],
    examples: [
      'kubewright init --name prod --control-plane 10.0.0.11,10.0.0.12,10.0.0.13 --worker 10.0.0.21',
      'kubewright init --control-plane a=10.0.0.11 --control-plane b=10.0.0.12 --control-plane c=10.0.0.13 --identity-file ~/.ssh/id_ed25519',
      'kubewright init --out -',
    ],
  }),
});
