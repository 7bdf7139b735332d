import { buildRouteMap } from '@stricli/core';
import { buildCommand } from './build-command.ts';
import type { CliContext } from './context.ts';
import { describeCommand } from './describe.ts';
import { commonAliases, commonFlags, fileAliases, fileFlag, sourceFlag } from './flags.ts';
import type { LockFlags } from './lock.ts';
import { artifactNames, kubernetesVersions } from './proposals.ts';
import type { ArtifactFlags, PruneFlags } from './artifacts.ts';
import type { BundleFlags } from './bundle.ts';
import { parseFolder } from './parse-folder.ts';

const kubernetesFlag = {
  kubernetes: {
    kind: 'parsed',
    parse: String,
    proposeCompletions: kubernetesVersions,
    optional: true,
    placeholder: 'VERSION',
    brief: 'of which Kubernetes; without it the one that new cluster files have',
  },
} as const;

const makerFlag = {
  source: { kind: 'enum', values: ['go', 'upstream'], optional: true, brief: 'built from Go modules, or as upstream publishes it; without it one is chosen, and said' },
} as const;

const parameters = {
  flags: { ...commonFlags, ...kubernetesFlag, ...makerFlag },
  aliases: commonAliases,
  positional: { kind: 'array', parameter: { parse: String, proposeCompletions: artifactNames, placeholder: 'NAME', brief: 'an artifact, as list names it' } },
} as const;

const ensure = buildCommand<ArtifactFlags, string[]>({
  loader: async () => (await import('./artifacts.ts')).ensure,
  parameters,
  docs: describeCommand({
    brief: 'obtain what the cache lacks',
    text: 'Obtains programs and images; without names all that machines of a cluster are given. What is ready is kept, so it may be interrupted and run again. Building from Go modules takes about a quarter of an hour on 2 cores, once.',
    examples: ['kubewright artifacts ensure', 'kubewright artifacts ensure kubeadm kubelet', 'kubewright artifacts ensure --kubernetes 1.37.2'],
  }),
});

const list = buildCommand<ArtifactFlags, string[]>({
  loader: async () => (await import('./artifacts.ts')).list,
  parameters,
  docs: describeCommand({ brief: 'list artifacts and what the cache has of them', examples: ['kubewright artifacts list', 'kubewright artifacts list -o json'] }),
});

const verify = buildCommand<ArtifactFlags, string[]>({
  loader: async () => (await import('./artifacts.ts')).verify,
  parameters,
  docs: describeCommand({
    brief: 'read every file of the cache again and compare its digest',
    text: 'Reads every file of the cache again and compares its digest with the one recorded when it was made. Exits with 7 when one is damaged, or is missing and was named.',
    examples: ['kubewright artifacts verify', 'kubewright artifacts verify images-node'],
  }),
});

const bundle = buildCommand<BundleFlags, []>({
  loader: async () => (await import('./bundle.ts')).bundle,
  parameters: {
    flags: {
      out: { kind: 'parsed', parse: parseFolder, placeholder: 'DIR', brief: 'folder of the bundle; what lies there of one is kept' },
      file: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: "for this cluster file's Kubernetes" },
      ...kubernetesFlag,
      ...makerFlag,
      link: {
        kind: 'boolean',
        optional: true,
        withNegated: false,
        brief: "hard links to the cache's files where they lie on one disk: no room is taken, and whoever writes into one writes into both",
      },
      packages: { kind: 'boolean', default: true, brief: 'with the Debian packages that machines need' },
      ...commonFlags,
    },
    aliases: { o: 'out', f: 'file' },
  },
  docs: describeCommand({
    brief: 'make a folder to deploy from where there is no network',
    text: [
      'Makes a folder with all that machines of a cluster are given: programs, images, and the Debian packages that a machine takes from its mirror otherwise. Each file has its sha256 in',
      'kubewright-bundle.json, and in SHA256SUMS for sha256sum --check. What was interrupted goes on when it is run again, and what is there and right is kept.',
      'Carry it to the machine that deploys; apply --source bundle:DIR compares every file with its digest before any machine is changed, and opens no connection but SSH.',
    ].join('\n'),
    usage: ['--out DIR [--file FILE | --kubernetes VERSION] [--source go|upstream] [--link] [--no-packages]'],
    examples: ['kubewright artifacts bundle -o bundle', 'kubewright artifacts bundle -o bundle -f cluster.yaml', 'kubewright apply --source bundle:bundle'],
  }),
});

const lock = buildCommand<LockFlags, []>({
  loader: async () => (await import('./lock.ts')).lock,
  parameters: {
    flags: {
      ...fileFlag,
      ...sourceFlag,
      update: { kind: 'boolean', optional: true, withNegated: false, brief: 'take what is at hand in place of what the lock names' },
      ...commonFlags,
    },
    aliases: fileAliases,
  },
  docs: describeCommand({
    brief: 'write down whose bytes a cluster is deployed from',
    text: [
      'Obtains what a deployment of the cluster file uses and writes its versions and digests beside it: cluster.lock of cluster.yaml. The first apply does the same; keep the file with the cluster file.',
      'Later runs use the same bytes: apply refuses others and says what differs (exit 5), plan says it. --update takes what is at hand now, and says what that changes.',
      'The source is remembered too. What is built from Go modules has the digests of its bytes and of its recipe: a difference says whether it is made another way, or on another machine.',
    ].join('\n'),
    examples: ['kubewright artifacts lock', 'kubewright artifacts lock -f prod.yaml --update', 'kubewright artifacts lock --source bundle:bundle'],
  }),
});

const prune = buildCommand<PruneFlags, []>({
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
  routes: { ensure, list, verify, bundle, lock, prune },
  docs: describeCommand({
    brief: 'programs and images that machines are given',
    text: 'Programs and container images that machines are given. They are kept by digest in a cache ($KUBEWRIGHT_CACHE, else ~/.cache/kubewright). $KUBEWRIGHT_UPSTREAM_MIRROR names a mirror of what source upstream fetches.',
    examples: ['kubewright artifacts list', 'kubewright artifacts ensure'],
  }),
});
