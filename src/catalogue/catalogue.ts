import { kubernetes136 } from './kubernetes-1.36.ts';
import type { Release } from './release.ts';

const releases = { '1.36': kubernetes136 } as const satisfies Readonly<Record<string, Release>>;

/** A Kubernetes version that the catalogue has. */
export type KnownVersion = (typeof releases)[keyof typeof releases]['kubernetes'];

/** The release of a version that is known to be in the catalogue. */
export function release(version: KnownVersion): Release {
  const found = findRelease(version);
  if (!found) throw new Error(`the catalogue has no Kubernetes ${String(version)}`);
  return found;
}

/** The release of any version a person may write; `undefined` if the catalogue does not have exactly that one. */
export function findRelease(version: string): Release | undefined {
  return Object.values(releases).find((candidate) => candidate.kubernetes === version);
}

/** All Kubernetes versions of the catalogue, newest last. */
export function knownVersions(): readonly KnownVersion[] {
  return Object.values(releases).map((candidate) => candidate.kubernetes);
}
