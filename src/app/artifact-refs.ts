import { basename } from 'node:path';
import type { Release } from '../catalogue/release.ts';
import type { Artifact, ArtifactName } from '../artifacts/artifact.ts';
import { artifactFileName, artifactVersion, clusterArtifacts } from '../artifacts/artifact.ts';
import type { PublishedProgram } from '../artifacts/upstream/published-programs.ts';
import type { ArtifactRefs } from '../planning/artifact-refs.ts';

/** Artifacts as plans know them; with where they are published, where machines fetch them themselves. */
export function artifactRefsOf(artifacts: ReadonlyMap<string, Artifact>, published: ReadonlyMap<string, PublishedProgram> = new Map()): ArtifactRefs {
  return new Map(
    [...artifacts].map(([key, { name, version, sha256, sizeBytes, path, images }]) => {
      const place = published.get(name);
      return [key, { name, version, sha256, sizeBytes, fileName: basename(path), images: images ?? [], ...(place !== undefined && { published: place }) }];
    }),
  );
}

/**
 * The same before they are made: everything but their digests and sizes. Enough to know what to ask the machines, and what is refused whatever the digests are; the steps of
 * such a plan are not to be carried out.
 */
export function foretoldArtifactRefs(release: Release, names: readonly ArtifactName[] = clusterArtifacts): ArtifactRefs {
  return new Map(names.map((name) => [name, { name, version: artifactVersion(release, name), sha256: '', sizeBytes: 0, fileName: artifactFileName(name), images: [] }]));
}
