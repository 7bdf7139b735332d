import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonAliases, commonFlags } from './flags.ts';
import { artifactNames, kubernetesVersions } from './proposals.ts';
import type { ArtifactFlags, PruneFlags } from './artifacts.ts';

const NAMES = ['[--kubernetes VERSION] [NAME...]'];

const parameters = {
  flags: {
    ...commonFlags,
    kubernetes: {
      kind: 'parsed',
      parse: String,
      proposeCompletions: kubernetesVersions,
      optional: true,
      placeholder: 'VERSION',
      brief: 'of which Kubernetes; without it the newest of the catalogue',
    },
  },
  aliases: commonAliases,
  positional: { kind: 'array', parameter: { parse: String, proposeCompletions: artifactNames, placeholder: 'NAME', brief: 'an artifact, as list names it' } },
} as const;

const ensure = buildCommand<ArtifactFlags, string[], CliContext>({
  loader: async () => (await import('./artifacts.ts')).ensure,
  parameters,
  docs: describeCommand({
    brief: 'obtain what the cache lacks',
    text: 'Obtains programs and images; without names all that machines of a cluster are given. What is ready is kept, so it may be interrupted and run again. The first time takes about a quarter of an hour on 2 cores.',
    usage: NAMES,
    examples: ['kubewright artifacts ensure', 'kubewright artifacts ensure kubeadm kubelet'],
  }),
});

const list = buildCommand<ArtifactFlags, string[], CliContext>({
  loader: async () => (await import('./artifacts.ts')).list,
  parameters,
  docs: describeCommand({ brief: 'list artifacts and what the cache has of them', usage: NAMES, examples: ['kubewright artifacts list', 'kubewright artifacts list -o json'] }),
});

const verify = buildCommand<ArtifactFlags, string[], CliContext>({
  loader: async () => (await import('./artifacts.ts')).verify,
  parameters,
  docs: describeCommand({
    brief: 'read every file of the cache again and compare its digest',
    text: 'Reads every file of the cache again and compares its digest with the one recorded when it was made. Exits with 7 when one is damaged, or is missing and was named.',
    usage: NAMES,
    examples: ['kubewright artifacts verify', 'kubewright artifacts verify images-node'],
  }),
});

const prune = buildCommand<PruneFlags, [], CliContext>({
  loader: async () => (await import('./artifacts.ts')).prune,
  parameters: {
    flags: { ...commonFlags, yes: { kind: 'boolean', optional: true, withNegated: false, brief: 'do not ask before removing' } },
    aliases: { ...commonAliases, y: 'yes' },
  },
  docs: describeCommand({
    brief: 'remove from the cache what this version has no use for',
    text: [
      'Lists what the cache has and no release of the catalogue names any more, with its size, asks, and removes it: what earlier versions of kubewright left.',
      'What a lab is made of stays. Another version of kubewright that uses the same cache makes anew what it misses.',
    ].join('\n'),
    examples: ['kubewright artifacts prune', 'kubewright artifacts prune --yes'],
  }),
});

export const artifactsCommands = buildRouteMap<string, CliContext>({
  routes: { ensure, list, verify, prune },
  docs: describeCommand({
    brief: 'programs and images that machines are given',
    text: 'Programs and container images that machines are given. They are kept by digest in a cache ($KUBEWRIGHT_CACHE, else ~/.cache/kubewright).',
    examples: ['kubewright artifacts list', 'kubewright artifacts ensure'],
  }),
});
