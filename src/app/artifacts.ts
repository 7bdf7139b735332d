import type { ArtifactName } from '../artifacts/artifact.ts';
import { allArtifacts, clusterArtifacts } from '../artifacts/artifact.ts';
import type { BuildGraph } from '../artifacts/build-graph.ts';
import { ensureGraph } from '../artifacts/ensure-artifacts.ts';
import type { ArtifactState } from '../artifacts/inspect-artifacts.ts';
import { listGraph, verifyGraph } from '../artifacts/inspect-artifacts.ts';
import type { MakerName } from '../artifacts/maker.ts';
import { makerGraph, releaseFrom } from '../artifacts/maker.ts';
import { defaultVersion, findRelease, knownVersions } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import type { ArtifactJson, ArtifactListJson } from '../contract/artifact-list.ts';
import { artifactListJson } from '../contract/artifact-list.ts';
import { AppError } from '../errors/app-error.ts';
import { suggest } from '../spec/suggest.ts';
import { chooseMaker, makerInCache, makerWords } from './choose-maker.ts';
import { artifactNarrator } from './artifact-narrator.ts';

/** Which artifacts are meant; no names: what machines of a cluster are given (`ensure`), or all there are. */
export interface ArtifactChoice {
  readonly names: readonly string[];
  /** Default: that of the catalogue. */
  readonly kubernetes?: string | undefined;
  /** Default: one is chosen. */
  readonly source?: MakerName | undefined;
}

/** What the cache has. */
export interface ArtifactSurvey {
  readonly json: ArtifactListJson;
  /** What is damaged, in words, with what to do. */
  readonly problems: readonly AppError[];
  /** Something is damaged, or was asked for by name and is missing. */
  readonly isWanting: boolean;
}

export interface ArtifactContext {
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** Obtains what is missing; gives the list of what was asked for. */
export async function obtainArtifacts(choice: ArtifactChoice, { signal, onProgress }: ArtifactContext): Promise<ArtifactListJson> {
  const { graph } = await makerOf(choice, { signal, onProgress });
  const names = namesOf(choice.names, clusterArtifacts, graph);
  await ensureGraph(graph, names, { signal, onProgress: artifactNarrator(onProgress) });
  return artifactListJson((await listGraph(graph, names)).map(toJson));
}

/** Every artifact that may be named. */
export function artifactNames(): readonly string[] {
  return allArtifacts;
}

/** Every Kubernetes release that may be named. */
export function kubernetesVersions(): readonly string[] {
  return knownVersions();
}

/** What the cache has, by its records. */
export async function surveyArtifacts(choice: ArtifactChoice): Promise<ArtifactSurvey> {
  const graph = await graphInCache(choice);
  return surveyOf(choice, await listGraph(graph, namesOf(choice.names, madeBy(graph), graph)));
}

/** What the cache has, every file read again and compared with its digest. */
export async function examineArtifacts(choice: ArtifactChoice, { signal }: Pick<ArtifactContext, 'signal'>): Promise<ArtifactSurvey> {
  const graph = await graphInCache(choice);
  return surveyOf(choice, await verifyGraph(graph, namesOf(choice.names, madeBy(graph), graph), signal));
}

function surveyOf({ names }: ArtifactChoice, states: readonly ArtifactState[]): ArtifactSurvey {
  return {
    json: artifactListJson(states.map(toJson)),
    problems: states.flatMap(({ problem }) => problem ?? []),
    isWanting: states.some(({ state }) => state === 'damaged' || (state === 'absent' && names.length > 0)),
  };
}

function toJson({ name, version, state, artifact }: ArtifactState): ArtifactJson {
  const file = artifact && { sha256: artifact.sha256, sizeBytes: artifact.sizeBytes, path: artifact.path };
  return { name, version, state: state === 'absent' ? 'missing' : state, ...file };
}

/** The release that is named, else the default. Throws `usage`. */
function releaseOf(version: string = defaultVersion): Release {
  const found = findRelease(version);
  if (found !== undefined) return found;
  throw new AppError('usage', `the catalogue has no Kubernetes ${version}`, { hint: `it has ${knownVersions().join(', ')}` });
}

/** How the source that is named, or else chosen and said, makes the release. */
export async function makerOf(
  { kubernetes, source }: Pick<ArtifactChoice, 'kubernetes' | 'source'>,
  { signal, onProgress }: ArtifactContext,
): Promise<{ readonly maker: MakerName; readonly graph: BuildGraph }> {
  const release = releaseOf(kubernetes);
  const chosen = source === undefined ? await chooseMaker(release, { signal }) : { maker: source, why: 'as --source says' };
  const { maker } = chosen;
  onProgress(`artifacts: ${await makerWords(chosen)}`);
  return { maker, graph: makerGraph(maker, releaseFrom(maker, release)) };
}

/** For looking at the cache nothing is asked of the network. */
async function graphInCache({ kubernetes, source }: ArtifactChoice): Promise<BuildGraph> {
  const release = releaseOf(kubernetes);
  const maker = source ?? (await makerInCache(release)) ?? 'go';
  return makerGraph(maker, releaseFrom(maker, release));
}

function madeBy({ units }: BuildGraph): readonly ArtifactName[] {
  const made = new Set(units.flatMap(({ outputs }) => outputs));
  return allArtifacts.filter((name) => made.has(name));
}

function namesOf(names: readonly string[], all: readonly ArtifactName[], graph: BuildGraph): readonly ArtifactName[] {
  const made = madeBy(graph);
  const chosen = names.length === 0 ? all : names.map(artifactName);
  const stranger = chosen.find((name) => !made.includes(name));
  if (stranger !== undefined) throw new AppError('usage', `source upstream has no artifact ${stranger}: it comes inside the images`, { hint: `it has ${made.join(', ')}` });
  return chosen;
}

function artifactName(name: string): ArtifactName {
  const found = allArtifacts.find((known) => known === name);
  if (found !== undefined) return found;
  const meant = suggest(name, allArtifacts);
  throw new AppError('usage', `there is no artifact ${name}`, {
    hint: meant === undefined ? 'see kubewright artifacts list' : `did you mean ${meant}? see kubewright artifacts list`,
  });
}
