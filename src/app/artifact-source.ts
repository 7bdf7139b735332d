import { hostArchitecture } from '../artifacts/architecture.ts';
import type { Artifact, ArtifactName } from '../artifacts/artifact.ts';
import { artifactVersion, clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureGraph } from '../artifacts/ensure-artifacts.ts';
import { listGraph } from '../artifacts/inspect-artifacts.ts';
import type { MakerName } from '../artifacts/maker.ts';
import { recipeOf } from '../artifacts/build-graph.ts';
import { makerGraph, releaseFrom } from '../artifacts/maker.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import { readIndex } from '../artifacts/bundle-index.ts';
import type { PublishedProgram } from '../artifacts/upstream/published-programs.ts';
import { publishedPrograms } from '../artifacts/upstream/published-programs.ts';
import { mirrorSites, publicSites } from '../artifacts/upstream/sites.ts';
import { checkIndex, readBundle } from '../artifacts/read-bundle.ts';
import { hostPackagesOf } from '../catalogue/host-packages.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import type { Pull } from '../model/cluster.ts';
import type { ChosenMaker } from './choose-maker.ts';
import { chooseMaker, makerWords } from './choose-maker.ts';
import type { PackagesWay } from '../rules/preflight/preflight-input.ts';

/** What `--source` names. */
export type SourceWish = { readonly source: MakerName } | { readonly source: 'bundle'; readonly directory: string };

/** Where a plan's artifacts come from. */
export interface ArtifactSource {
  /** Which it is and why, for people. */
  readonly words: string;
  /** The release with the names of images as it has them. */
  readonly release: Release;
  /** All that it gives. */
  readonly names: readonly ArtifactName[];
  readonly packages: PackagesWay;
  /** Where machines can fetch its programs themselves; undefined where they cannot: what is built here, or lies in a bundle, is published nowhere. */
  readonly publishedAt?: (mirror: string | undefined) => ReadonlyMap<string, PublishedProgram>;
  /** Who made it, and for which processor. */
  readonly maker: MakerName;
  readonly architecture: string;
  readonly versionOf: (name: ArtifactName) => string;
  /** Digests of all that an artifact is made from, where they are known. */
  readonly recipes: ReadonlyMap<string, string>;
  /** What obtaining all of it takes, for people. */
  readonly cost: string;
  /** How many of a cluster's artifacts are not there yet: they take a while. */
  readonly countMissing: () => Promise<number>;
  readonly obtain: () => Promise<ReadonlyMap<string, Artifact>>;
}

export interface SourceContext {
  readonly signal: AbortSignal;
  readonly onArtifact?: ((event: ArtifactEvent) => void) | undefined;
  /** The source that the lock file names. */
  readonly locked?: MakerName | undefined;
}

/** Machines take what they lack from the mirror that they know. */
export const fromMirror: PackagesWay = { from: 'mirror' };

/** The source that is wished for, else the one of the lock file, else the one that `chooseMaker` chooses. Throws `bundle-unfit`. */
export async function chooseSource(release: Release, wish: SourceWish | undefined, context: SourceContext): Promise<ArtifactSource> {
  if (wish?.source === 'bundle') return bundleSource(release, wish.directory, context.signal);
  const chosen = wish === undefined ? (lockedMaker(context.locked) ?? (await chooseMaker(release, context))) : { maker: wish.source, why: 'as --source says' };
  return cacheSource(release, chosen, context);
}

function lockedMaker(maker: MakerName | undefined): ChosenMaker | undefined {
  return maker && { maker, why: 'as the lock file says' };
}

const COST: Readonly<Record<MakerName, string>> = {
  go: 'building all takes about a quarter of an hour on 2 cores, once',
  upstream: 'some hundred megabytes are fetched, once',
};

/** The cache; what it lacks is made. */
async function cacheSource(named: Release, chosen: ChosenMaker, { signal, onArtifact }: SourceContext): Promise<ArtifactSource> {
  const { maker } = chosen;
  const release = releaseFrom(maker, named);
  const graph = makerGraph(maker, release);
  return {
    words: await makerWords(chosen),
    release,
    names: clusterArtifacts,
    packages: fromMirror,
    ...(maker === 'upstream' && {
      publishedAt: (mirror) => publishedPrograms(release, hostArchitecture(), mirror === undefined ? publicSites : mirrorSites(mirror)),
    }),
    maker,
    architecture: graph.architecture,
    versionOf: (name) => artifactVersion(release, name),
    recipes: new Map(clusterArtifacts.map((name) => [name, recipeOf(graph, name)])),
    cost: COST[maker],
    countMissing: async () => (await listGraph(graph, clusterArtifacts)).filter(({ state }) => state === 'absent').length,
    obtain: () => ensureGraph(graph, clusterArtifacts, { signal, onProgress: onArtifact }),
  };
}

/** A folder that `artifacts bundle` made. Nothing else is asked, by us or by the machines. */
async function bundleSource(release: Release, directory: string, signal: AbortSignal): Promise<ArtifactSource> {
  const index = await readIndex(directory);
  checkIndex(directory, index, { kubernetes: release.kubernetes, architecture: hostArchitecture(), names: clusterArtifacts });
  const hasPackages = index.artifacts.some(({ name }) => name === 'host-packages');
  const names: readonly ArtifactName[] = hasPackages ? [...clusterArtifacts, 'host-packages'] : clusterArtifacts;
  return {
    words: `the bundle in ${directory} (source ${index.source})`,
    release: releaseFrom(index.source, release),
    names,
    packages: { from: hasPackages ? hostPackagesOf : 'nowhere' },
    maker: index.source,
    architecture: index.architecture,
    versionOf: (name) => index.artifacts.find((artifact) => artifact.name === name)?.version ?? '',
    recipes: new Map(),
    cost: '',
    countMissing: async () => 0,
    obtain: () => readBundle(directory, index, names, signal),
  };
}

/** Artifacts that are there already, whoever made them. */
export function sourceAtHand(release: Release, artifacts: ReadonlyMap<string, Artifact>): ArtifactSource {
  return {
    words: 'at hand',
    release,
    names: [...artifacts.values()].map(({ name }) => name),
    packages: fromMirror,
    maker: 'go',
    architecture: hostArchitecture(),
    versionOf: (name) => artifactVersion(release, name),
    recipes: new Map(),
    cost: '',
    countMissing: async () => 0,
    obtain: async () => artifacts,
  };
}

/** Where machines that are to fetch find what this source gives. Throws `refused` where they find it nowhere. */
export function publishedFor({ publishedAt, words }: ArtifactSource, { mirror }: Pull): ReadonlyMap<string, PublishedProgram> {
  if (publishedAt !== undefined) return publishedAt(mirror);
  throw new AppError('refused', `machines cannot fetch what comes from ${words}: it is published nowhere`, {
    hint: 'write --source upstream, or spec.distribution.mode: push',
  });
}
