import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { Release } from '../catalogue/release.ts';
import type { Artifact, ArtifactName } from './artifact.ts';
import { artifactFileName, artifactVersion } from './artifact.ts';
import { readArtifact, writeRecord } from './artifact-record.ts';
import type { BuildGraph } from './build-graph.ts';
import { buildGraph } from './build-graph.ts';
import type { Enqueue } from './build-queue.ts';
import { buildQueue } from './build-queue.ts';
import type { BuildUnit } from './build-unit.ts';
import type { EntriesMaking } from './cache.ts';
import { ensureEntries } from './cache.ts';
import type { ArtifactEvent, Report } from './progress.ts';
import { reporter } from './progress.ts';
import { requireTools } from './requirements.ts';

export interface EnsureArtifactsOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((event: ArtifactEvent) => void) | undefined;
  /** Default: `cacheRoot()`. */
  readonly cacheDir?: string | undefined;
}

/** Two compilers at once keep the cores busy while one of them links or downloads. */
const CONCURRENT_BUILDS = 2;

/** Obtains artifacts: those of the cache at once, the others made. The first that fails stops the rest; what is ready by then is kept. Errors as in `startGraph`. */
export async function ensureArtifacts(release: Release, names: readonly ArtifactName[], options: EnsureArtifactsOptions): Promise<ReadonlyMap<ArtifactName, Artifact>> {
  return ensureGraph(buildGraph(release, options.cacheDir), names, options);
}

/** `ensureArtifacts` of a graph. */
export async function ensureGraph(graph: BuildGraph, names: readonly ArtifactName[], options: EnsureArtifactsOptions): Promise<ReadonlyMap<ArtifactName, Artifact>> {
  const stop = new AbortController();
  const started = startGraph(graph, names, { ...options, signal: AbortSignal.any([options.signal, stop.signal]) });
  try {
    const entries = [...started].map(async ([name, artifact]) => [name, await artifact] as const);
    return new Map(await Promise.all(entries));
  } catch (cause) {
    stop.abort();
    await Promise.allSettled(started.values());
    throw cause;
  }
}

interface Run {
  readonly graph: BuildGraph;
  readonly enqueue: Enqueue;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * Starts to obtain artifacts and gives a promise for each, so that what is ready need not wait for the rest. One that fails lets the others go on. The
 * promises reject with `artifact-failed`, `program-missing` or `interrupted`.
 */
export function startGraph(graph: BuildGraph, names: readonly ArtifactName[], options: EnsureArtifactsOptions): ReadonlyMap<ArtifactName, Promise<Artifact>> {
  const run: Run = { graph, enqueue: buildQueue(CONCURRENT_BUILDS), signal: options.signal, report: reporter(options.onProgress) };
  const promises = startAll(run, names);
  const asked = [...new Set(names)].map((name) => [name, promises.then((all) => promised(all, name))] as const);
  // A caller that awaits one name must not be ended by the failure of another.
  for (const [, artifact] of asked) artifact.catch(() => undefined);
  return new Map(asked);
}

async function startAll(run: Run, names: readonly ArtifactName[]): Promise<ReadonlyMap<ArtifactName, Promise<Artifact>>> {
  const { ready, missing } = await survey(run, names);
  const promises = new Map<ArtifactName, Promise<Artifact>>([...ready].map(([name, artifact]) => [name, Promise.resolve(artifact)]));
  const pending = run.graph.units.filter((unit) => unit.outputs.some((name) => missing.has(name)));
  await requireTools([...new Set(pending.flatMap(({ tools }) => tools))]);
  for (const unit of pending) {
    const wanted = unit.outputs.filter((name) => missing.has(name));
    const made = makeUnit(run, { unit, wanted, inputs: new Map(unit.inputs.map((name) => [name, promised(promises, name)])) });
    for (const name of wanted)
      promises.set(
        name,
        made.then((all) => promisedValue(all, name)),
      );
  }
  for (const artifact of promises.values()) artifact.catch(() => undefined);
  return promises;
}

/** What is in the cache already, and what must be made: inputs are asked for only where something is made from them. */
async function survey(
  { graph, report }: Run,
  names: readonly ArtifactName[],
): Promise<{ readonly ready: ReadonlyMap<ArtifactName, Artifact>; readonly missing: ReadonlySet<ArtifactName> }> {
  const ready = new Map<ArtifactName, Artifact>();
  const missing = new Set<ArtifactName>();
  let asked: readonly ArtifactName[] = [...new Set(names)];
  while (asked.length > 0) {
    const found = await Promise.all(asked.map(async (name) => [name, await readArtifact(graph.dirOf(name))] as const));
    for (const [name, artifact] of found) {
      if (artifact) ready.set(name, artifact);
      else missing.add(name);
      report(name, artifact ? 'ready' : 'waiting');
    }
    const inputs = found.flatMap(([name, artifact]) => (artifact ? [] : graph.unitOf(name).inputs));
    asked = [...new Set(inputs)].filter((name) => !ready.has(name) && !missing.has(name));
  }
  return { ready, missing };
}

interface UnitRun {
  readonly unit: BuildUnit;
  readonly wanted: readonly ArtifactName[];
  readonly inputs: ReadonlyMap<ArtifactName, Promise<Artifact>>;
}

async function makeUnit(run: Run, { unit, wanted, inputs }: UnitRun): Promise<ReadonlyMap<ArtifactName, Artifact>> {
  const { graph, signal, report } = run;
  const arrived = new Map(await Promise.all([...inputs].map(async ([name, artifact]) => [name, await artifact] as const)));
  const request = {
    lock: unit.lane,
    ids: wanted.map(graph.entryId),
    make: (making: EntriesMaking) => fillEntries(run, { unit, wanted, inputs: arrived, making }),
  };
  const onProgress = (line: string): void => wanted.forEach((name) => report(name, 'waiting', line));
  await run.enqueue({ lane: unit.lane, priority: graph.units.indexOf(unit), run: () => ensureEntries(request, { signal, root: graph.root, onProgress }) });
  const made = await Promise.all(wanted.map(async (name) => [name, await readMade(graph, name)] as const));
  for (const name of wanted) report(name, 'ready');
  return new Map(made);
}

interface Filling {
  readonly unit: BuildUnit;
  readonly wanted: readonly ArtifactName[];
  readonly inputs: ReadonlyMap<ArtifactName, Artifact>;
  readonly making: EntriesMaking;
}

async function fillEntries({ graph, report }: Run, { unit, wanted, inputs, making }: Filling): Promise<void> {
  const { release, architecture } = graph;
  const { dirs, scratch, signal } = making;
  const targets = wanted.flatMap((name) => {
    const dir = dirs.get(graph.entryId(name));
    return dir === undefined ? [] : [{ name, dir, file: artifactFileName(name) }];
  });
  const outputs = new Map(targets.map(({ name, dir, file }) => [name, join(dir, file)]));
  try {
    const images = await unit.make({
      release,
      architecture,
      outputs,
      inputs,
      scratch,
      signal,
      onProgress: (phase, detail) => targets.forEach(({ name }) => report(name, phase, detail)),
    });
    for (const { name, dir, file } of targets) await writeRecord(dir, { name, file, version: artifactVersion(release, name), images: images?.get(name) }, signal);
  } catch (cause) {
    throw madeError([...outputs.keys()], cause);
  }
}

function madeError(names: readonly ArtifactName[], cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code !== 'program-failed') return cause;
  return new AppError('artifact-failed', `making ${names.join(', ')} failed: ${cause.message}`, { cause, details: cause.details, retry: 'safe' });
}

async function readMade(graph: BuildGraph, name: ArtifactName): Promise<Artifact> {
  const artifact = await readArtifact(graph.dirOf(name));
  if (!artifact) throw new AppError('artifact-failed', `artifact ${name} was removed from the cache while it was being used`, { retry: 'safe' });
  return artifact;
}

function promised(promises: ReadonlyMap<ArtifactName, Promise<Artifact>>, name: ArtifactName): Promise<Artifact> {
  return promises.get(name) ?? Promise.reject(new Error(`${name} was not started`));
}

function promisedValue(artifacts: ReadonlyMap<ArtifactName, Artifact>, name: ArtifactName): Artifact {
  const found = artifacts.get(name);
  if (!found) throw new Error(`${name} was not made`);
  return found;
}
