import type { Release } from '../catalogue/release.ts';
import { hostArchitecture } from './architecture.ts';
import type { ArtifactName } from './artifact.ts';
import { clusterArtifacts } from './artifact.ts';
import type { BuildGraph } from './build-graph.ts';
import { buildGraph } from './build-graph.ts';
import { buildUnits, hostPackagesUnit } from './build-unit.ts';
import type { UpstreamSites } from './upstream/sites.ts';
import { sitesHere } from './upstream/sites.ts';
import { upstreamUnits } from './upstream/upstream-units.ts';

/** Sources that fill the cache: `go` builds from Go modules, `upstream` fetches what projects publish. A bundle holds what one of them made. */
export type MakerName = 'go' | 'upstream';

export const makerNames: readonly MakerName[] = ['go', 'upstream'];

export interface MakerOptions {
  /** Default: `cacheRoot()`. */
  readonly root?: string | undefined;
  /** Default: `sitesHere()`. */
  readonly sites?: UpstreamSites;
}

/** How that source makes the artifacts of a release, which is to be the release as that source has it (`releaseFrom`). */
export function makerGraph(maker: MakerName, release: Release, { root, sites }: MakerOptions = {}): BuildGraph {
  const units = maker === 'go' ? buildUnits(release) : [...upstreamUnits(release, hostArchitecture(), sites ?? sitesHere()), hostPackagesUnit];
  return buildGraph(release, root, units);
}

/** Everything that a source can be asked for to deploy clusters. */
export const deployArtifacts: readonly ArtifactName[] = [...clusterArtifacts, 'host-packages'];

/** The release with the names of images as that source has them: a name tells what is inside. */
export function releaseFrom(maker: MakerName, release: Release): Release {
  return maker === 'go' ? release : { ...release, images: { ...release.images, ...release.upstreamImages } };
}
