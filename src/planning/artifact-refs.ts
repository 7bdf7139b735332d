import type { BlobRef } from '../actions/kind.ts';
import type { ImageRef } from '../actions/kinds/images.ts';

/** An artifact as plans know it. */
export interface ArtifactRef {
  readonly name: string;
  readonly version: string;
  /** Base name of a program on a host. */
  readonly fileName: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly images: readonly ImageRef[];
  /** Of a program that machines fetch themselves: the file, and its path in it where that is an archive. */
  readonly published?: { readonly url: string; readonly member?: string };
}

export type ArtifactRefs = ReadonlyMap<string, ArtifactRef>;

/** Throws a plain error: which artifacts a plan needs is known before it is made. */
export function artifactRef(artifacts: ArtifactRefs, name: string): ArtifactRef {
  const found = artifacts.get(name);
  if (found === undefined) throw new Error(`the plan needs artifact ${name}, which was not given`);
  return found;
}

export function blobOf({ name, sha256, sizeBytes }: ArtifactRef): BlobRef {
  return { artifact: name, sha256, sizeBytes };
}
