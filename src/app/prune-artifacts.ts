import { cacheRoot } from '../artifacts/cache.ts';
import { makerGraph, makerNames, releaseFrom } from '../artifacts/maker.ts';
import type { UnusedEntry } from '../artifacts/prune-cache.ts';
import { removeEntries, unusedEntries } from '../artifacts/prune-cache.ts';
import { releases } from '../catalogue/catalogue.ts';
import type { ArtifactPruneJson } from '../contract/artifact-prune.ts';
import { artifactPruneJson } from '../contract/artifact-prune.ts';
import { rootfsInUse } from '../lab/rootfs-in-use.ts';

/** Entries of the cache that no release of this version's catalogue names, and no lab is made of. */
export async function findUnusedArtifacts(root: string = cacheRoot()): Promise<readonly UnusedEntry[]> {
  const graphs = releases.flatMap((release) => makerNames.map((maker) => makerGraph(maker, releaseFrom(maker, release), { root })));
  const ofReleases = graphs.flatMap(({ units, entryId }) => units.flatMap(({ outputs }) => outputs.map(entryId)));
  return unusedEntries(root, new Set([...ofReleases, ...(await rootfsInUse(root))]));
}

/** Removes what was found. Throws `locked` while something is made in the cache. */
export async function removeUnusedArtifacts(entries: readonly UnusedEntry[], root: string = cacheRoot()): Promise<ArtifactPruneJson> {
  await removeEntries(root, entries);
  return artifactPruneJson(entries);
}
