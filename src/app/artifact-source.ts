import type { Release } from '../catalogue/release.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureArtifacts } from '../artifacts/ensure-artifacts.ts';
import { listArtifacts } from '../artifacts/inspect-artifacts.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';

/** Where a plan's artifacts come from. */
export interface ArtifactSource {
  /** How many of a cluster's artifacts are not there yet: they take a while. */
  readonly countMissing: () => Promise<number>;
  readonly obtain: () => Promise<ReadonlyMap<string, Artifact>>;
}

/** The cache; what it lacks is built. */
export function cachedArtifacts(release: Release, signal: AbortSignal, onProgress?: (event: ArtifactEvent) => void): ArtifactSource {
  return {
    countMissing: async () => (await listArtifacts(release, clusterArtifacts)).filter(({ state }) => state === 'absent').length,
    obtain: () => ensureArtifacts(release, clusterArtifacts, { signal, onProgress }),
  };
}
