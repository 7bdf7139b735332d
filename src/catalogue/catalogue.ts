import { kubernetes136 } from './kubernetes-1.36.ts';
import { kubernetes137 } from './kubernetes-1.37.ts';
import type { Release } from './release.ts';

const catalogue = [kubernetes136, kubernetes137] as const satisfies readonly Release[];

/** A Kubernetes version that the catalogue has. */
export type KnownVersion = (typeof catalogue)[number]['kubernetes'];

/** All releases of the catalogue, newest last. */
export const releases: readonly Release[] = catalogue;

/** Of new cluster files, and wherever none is named: the one that all tests run on (decision 95). */
export const defaultVersion = '1.36.3' satisfies KnownVersion;

/** The release of a version that is known to be in the catalogue. */
export function release(version: KnownVersion): Release {
  const found = findRelease(version);
  if (!found) throw new Error(`the catalogue has no Kubernetes ${String(version)}`);
  return found;
}

/** The release of any version a person may write; `undefined` if the catalogue does not have exactly that one. */
export function findRelease(version: string): Release | undefined {
  return releases.find((candidate) => candidate.kubernetes === version);
}

/** All Kubernetes versions of the catalogue, newest last. */
export function knownVersions(): readonly KnownVersion[] {
  return catalogue.map(({ kubernetes }) => kubernetes);
}
