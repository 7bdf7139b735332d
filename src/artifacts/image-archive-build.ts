import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Release } from '../catalogue/release.ts';
import type { Architecture } from './architecture.ts';
import type { Artifact, ArtifactName, ImageRecord } from './artifact.ts';
import type { ImageDefinition } from './image-definitions.ts';
import type { Blob, Image } from './oci-image.ts';
import { blob, image, imageArchive, layer } from './oci-image.ts';
import type { TarEntry } from './tar.ts';
import { fileContent } from './tar.ts';

export interface ImageArchiveBuild {
  readonly release: Release;
  readonly architecture: Architecture;
  readonly definitions: readonly ImageDefinition[];
  readonly inputs: ReadonlyMap<ArtifactName, Artifact>;
  readonly output: string;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

const PROGRAM_MODE = 0o755;

/** Writes the archive of the images and returns what is in it. Equal inputs give equal bytes. */
export async function buildImageArchive(build: ImageArchiveBuild): Promise<readonly ImageRecord[]> {
  const images: Image[] = [];
  for (const definition of build.definitions) {
    build.onProgress(build.release.images[definition.role]);
    images.push(await imageOf(definition, build));
  }
  build.onProgress('writing the archive');
  await pipeline(imageArchive(images).read(), createWriteStream(build.output), { signal: build.signal });
  return images.map(({ name, manifest }) => ({ name, digest: manifest.digest }));
}

async function imageOf(definition: ImageDefinition, build: ImageArchiveBuild): Promise<Image> {
  const own = await layer(await layerEntries(definition, build.inputs), build.signal);
  const { entrypoint, command, user } = definition;
  const config = { name: build.release.images[definition.role], architecture: build.architecture, entrypoint, ...(command && { command }), ...(user && { user }) };
  return image(config, [...(await baseLayers(definition, build)), own]);
}

/** The file of a base is a layer as it is. */
async function baseLayers({ base }: ImageDefinition, { inputs, signal }: ImageArchiveBuild): Promise<readonly Blob[]> {
  return base === undefined ? [] : [await blob(await fileContent(input(inputs, base).path), signal)];
}

async function layerEntries({ files, directories }: ImageDefinition, inputs: ReadonlyMap<ArtifactName, Artifact>): Promise<readonly TarEntry[]> {
  const programs = Object.entries(files).map(async ([path, name]): Promise<TarEntry> => ({
    kind: 'file',
    path,
    mode: PROGRAM_MODE,
    content: await fileContent(input(inputs, name).path),
  }));
  const made = Object.entries(directories ?? {}).map(([path, mode]): TarEntry => ({ kind: 'directory', path, mode }));
  return [...(await Promise.all(programs)), ...made];
}

function input(inputs: ReadonlyMap<ArtifactName, Artifact>, name: ArtifactName): Artifact {
  const found = inputs.get(name);
  if (!found) throw new Error(`${name} is not among the inputs`);
  return found;
}
