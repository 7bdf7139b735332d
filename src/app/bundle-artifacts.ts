import { resolve } from 'node:path';
import { hostArchitecture } from '../artifacts/architecture.ts';
import type { Artifact, ArtifactName } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureGraph } from '../artifacts/ensure-artifacts.ts';
import type { MakerName } from '../artifacts/maker.ts';
import { deployArtifacts } from '../artifacts/maker.ts';
import { writeBundle } from '../artifacts/write-bundle.ts';
import type { ArtifactBundleJson } from '../contract/artifact-bundle.ts';
import { artifactBundleJson } from '../contract/artifact-bundle.ts';
import { AppError } from '../errors/app-error.ts';
import { artifactNarrator } from './artifact-narrator.ts';
import type { ArtifactContext } from './artifacts.ts';
import { makerOf } from './artifacts.ts';
import { readClusterFile } from './cluster-file.ts';

export interface BundleChoice {
  readonly directory: string;
  /** Of a cluster file; without it `kubernetes`, without both the newest of the catalogue. */
  readonly file?: string | undefined;
  readonly kubernetes?: string | undefined;
  /** Default: one is chosen. */
  readonly source?: MakerName | undefined;
  /** Hard links to the cache's files instead of copies. */
  readonly isLinked: boolean;
  /** With what machines take from their distribution. */
  readonly withPackages: boolean;
}

/** Makes a folder with all that a deployment needs; what is there already is kept. Throws `artifact-failed`, `program-missing`, `local-file`. */
export async function bundleArtifacts(choice: BundleChoice, { signal, onProgress }: ArtifactContext): Promise<ArtifactBundleJson> {
  const { isLinked, withPackages } = choice;
  const kubernetes = choice.file === undefined ? choice.kubernetes : (await readClusterFile(choice.file, signal)).release.kubernetes;
  const { maker: source, graph } = await makerOf({ kubernetes, source: choice.source }, { signal, onProgress });
  const names = withPackages ? deployArtifacts : clusterArtifacts;
  const made = await ensureGraph(graph, names, { signal, onProgress: artifactNarrator(onProgress) });
  const artifacts = names.map((name) => artifactOf(made, name));
  const directory = resolve(choice.directory);
  const order = { kubernetes: graph.release.kubernetes, architecture: hostArchitecture(), source, artifacts, directory, isLinked };
  const index = await writeBundle(order, { signal, onProgress });
  const listed = index.artifacts.map(({ name, version, sha256, sizeBytes }) => ({ name, version, sha256, sizeBytes }));
  return artifactBundleJson({ directory, kubernetes: index.kubernetes, architecture: index.architecture, source, artifacts: listed });
}

function artifactOf(made: ReadonlyMap<ArtifactName, Artifact>, name: ArtifactName): Artifact {
  const found = made.get(name);
  if (found === undefined) throw new AppError('internal', `artifact ${name} was asked for and not given`);
  return found;
}
