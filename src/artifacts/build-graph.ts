import type { Release } from '../catalogue/release.ts';
import { canonicalJson } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import type { Architecture } from './architecture.ts';
import { hostArchitecture } from './architecture.ts';
import type { ArtifactName } from './artifact.ts';
import { artifactVersion } from './artifact.ts';
import type { BuildUnit } from './build-unit.ts';
import { buildUnits } from './build-unit.ts';
import { cacheRoot, entryPath } from './cache.ts';

/** How the artifacts of a release are made, and where each lies in the cache. */
export interface BuildGraph {
  readonly release: Release;
  readonly architecture: Architecture;
  readonly root: string;
  readonly units: readonly BuildUnit[];
  readonly unitOf: (name: ArtifactName) => BuildUnit;
  readonly entryId: (name: ArtifactName) => string;
  readonly dirOf: (name: ArtifactName) => string;
}

const DIGEST_CHARACTERS = 12;

/** Digest of all that an artifact is made from. */
export function recipeOf({ entryId }: BuildGraph, name: ArtifactName): string {
  return entryId(name).slice(-DIGEST_CHARACTERS);
}

/** The graph of a release in the cache at `root`. */
export function buildGraph(release: Release, root: string = cacheRoot(), units: readonly BuildUnit[] = buildUnits(release)): BuildGraph {
  const architecture = hostArchitecture();
  const byOutput = new Map(units.flatMap((unit) => unit.outputs.map((name) => [name, unit] as const)));
  const ids = new Map<ArtifactName, string>();
  const unitOf = (name: ArtifactName): BuildUnit => {
    const unit = byOutput.get(name);
    if (!unit) throw new Error(`nothing makes ${name}`);
    return unit;
  };
  // An entry's id names everything it is made from, what its inputs are made from included.
  const entryId = (name: ArtifactName): string => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    const unit = unitOf(name);
    const digest = sha256(canonicalJson({ recipe: unit.recipe(name), inputs: unit.inputs.map(entryId) })).slice(0, DIGEST_CHARACTERS);
    const id = `${name}-${artifactVersion(release, name)}-linux-${architecture}-${digest}`;
    ids.set(name, id);
    return id;
  };
  return { release, architecture, root, units, unitOf, entryId, dirOf: (name) => entryPath(root, entryId(name)) };
}
