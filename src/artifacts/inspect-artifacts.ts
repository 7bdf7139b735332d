import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import type { Artifact, ArtifactName } from './artifact.ts';
import { allArtifacts, artifactVersion } from './artifact.ts';
import { damaged, readArtifact } from './artifact-record.ts';
import type { BuildGraph } from './build-graph.ts';
import { buildGraph } from './build-graph.ts';
import { fileSha256 } from './content-digest.ts';

/** One line of `artifacts list`. */
export interface ArtifactState {
  readonly name: ArtifactName;
  readonly version: string;
  /** Where it is, or would be. */
  readonly dir: string;
  readonly state: 'ready' | 'absent' | 'damaged';
  readonly artifact?: Artifact;
  /** Why it counts as damaged, and what to do. */
  readonly problem?: AppError;
}

export interface InspectOptions {
  readonly signal: AbortSignal;
  readonly cacheDir?: string | undefined;
}

/** What the cache has of a release. Nothing is read but records and sizes. */
export async function listArtifacts(
  release: Release,
  names: readonly ArtifactName[] = allArtifacts,
  options: Pick<InspectOptions, 'cacheDir'> = {},
): Promise<readonly ArtifactState[]> {
  return listGraph(buildGraph(release, options.cacheDir), names);
}

/** `listArtifacts` of a graph. */
export async function listGraph(graph: BuildGraph, names: readonly ArtifactName[]): Promise<readonly ArtifactState[]> {
  return Promise.all(names.map((name) => stateOf(graph, name)));
}

/** The same with every file hashed again and compared with the digest that was recorded when it was made. */
export async function verifyArtifacts(release: Release, names: readonly ArtifactName[] = allArtifacts, options: InspectOptions): Promise<readonly ArtifactState[]> {
  return verifyGraph(buildGraph(release, options.cacheDir), names, options.signal);
}

/** `verifyArtifacts` of a graph. */
export async function verifyGraph(graph: BuildGraph, names: readonly ArtifactName[], signal: AbortSignal): Promise<readonly ArtifactState[]> {
  const states: ArtifactState[] = [];
  for (const state of await listGraph(graph, names)) states.push(await verified(state, signal));
  return states;
}

async function stateOf(graph: BuildGraph, name: ArtifactName): Promise<ArtifactState> {
  const own = { name, version: artifactVersion(graph.release, name), dir: graph.dirOf(name) };
  try {
    const artifact = await readArtifact(own.dir);
    return artifact ? { ...own, state: 'ready', artifact } : { ...own, state: 'absent' };
  } catch (cause) {
    if (cause instanceof AppError) return { ...own, state: 'damaged', problem: cause };
    throw cause;
  }
}

async function verified(state: ArtifactState, signal: AbortSignal): Promise<ArtifactState> {
  if (!state.artifact) return state;
  const { name, path, sha256 } = state.artifact;
  const found = await fileSha256(path, signal);
  if (found === sha256) return state;
  return { ...state, state: 'damaged', problem: damaged(name, state.dir, `${path} has sha256 ${found}, and had ${sha256} when it was made`) };
}
