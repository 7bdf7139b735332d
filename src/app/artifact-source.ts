import { hostArchitecture } from '../artifacts/architecture.ts';
import type { Artifact, ArtifactName } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureGraph } from '../artifacts/ensure-artifacts.ts';
import { listGraph } from '../artifacts/inspect-artifacts.ts';
import type { MakerName } from '../artifacts/maker.ts';
import { makerGraph } from '../artifacts/maker.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import { readIndex } from '../artifacts/bundle-index.ts';
import { checkIndex, readBundle } from '../artifacts/read-bundle.ts';
import { hostPackages, hostPackagesOf } from '../catalogue/host-packages.ts';
import type { Release } from '../catalogue/release.ts';
import type { PackagesWay } from '../rules/preflight/preflight-input.ts';

/** What `--source` names. */
export type SourceWish = { readonly source: MakerName } | { readonly source: 'bundle'; readonly directory: string };

/** Where a plan's artifacts come from. */
export interface ArtifactSource {
  /** Which it is and why, for people. */
  readonly words: string;
  /** All that it gives. */
  readonly names: readonly ArtifactName[];
  readonly packages: PackagesWay;
  /** How many of a cluster's artifacts are not there yet: they take a while. */
  readonly countMissing: () => Promise<number>;
  readonly obtain: () => Promise<ReadonlyMap<string, Artifact>>;
}

export interface SourceContext {
  readonly signal: AbortSignal;
  readonly onArtifact?: ((event: ArtifactEvent) => void) | undefined;
}

/** Machines take what they lack from the mirror that they know. */
export const fromMirror: PackagesWay = { names: hostPackages, from: 'mirror' };

/** The source that is wished for, else `go`. Throws `bundle-unfit`. */
export async function chooseSource(release: Release, wish: SourceWish | undefined, context: SourceContext): Promise<ArtifactSource> {
  if (wish?.source === 'bundle') return bundleSource(release, wish.directory, context.signal);
  const maker = wish?.source ?? 'go';
  return cacheSource(release, { maker, why: wish === undefined ? 'the default' : 'as --source says' }, context);
}

interface Chosen {
  readonly maker: MakerName;
  readonly why: string;
}

/** The cache; what it lacks is made. */
function cacheSource(release: Release, { maker, why }: Chosen, { signal, onArtifact }: SourceContext): ArtifactSource {
  const graph = makerGraph(maker, release);
  return {
    words: `source ${maker}, ${why}`,
    names: clusterArtifacts,
    packages: fromMirror,
    countMissing: async () => (await listGraph(graph, clusterArtifacts)).filter(({ state }) => state === 'absent').length,
    obtain: () => ensureGraph(graph, clusterArtifacts, { signal, onProgress: onArtifact }),
  };
}

/** A folder that `artifacts bundle` made. Nothing else is asked, by us or by the machines. */
async function bundleSource({ kubernetes }: Release, directory: string, signal: AbortSignal): Promise<ArtifactSource> {
  const index = await readIndex(directory);
  checkIndex(directory, index, { kubernetes, architecture: hostArchitecture(), names: clusterArtifacts });
  const hasPackages = index.artifacts.some(({ name }) => name === 'host-packages');
  const names: readonly ArtifactName[] = hasPackages ? [...clusterArtifacts, 'host-packages'] : clusterArtifacts;
  return {
    words: `the bundle in ${directory} (source ${index.source})`,
    names,
    packages: { names: hostPackages, from: hasPackages ? hostPackagesOf : 'nowhere' },
    countMissing: async () => 0,
    obtain: () => readBundle(directory, index, names, signal),
  };
}
