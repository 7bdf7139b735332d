import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { absent } from '../util/absent.ts';
import { systemWords } from '../util/system-words.ts';
import type { Artifact, ArtifactName, ImageRecord } from './artifact.ts';
import { allArtifacts, artifactFileName } from './artifact.ts';
import type { MakerName } from './maker.ts';

/** What a bundle holds, and for what: `kubewright-bundle.json` in its folder. */
export interface BundleIndex {
  readonly kind: 'ArtifactBundle';
  /** Of this form; another is of another version of kubewright. */
  readonly form: typeof FORM;
  readonly kubernetes: string;
  readonly architecture: string;
  /** Which source its artifacts came from. */
  readonly source: MakerName;
  readonly artifacts: readonly BundledArtifact[];
}

export interface BundledArtifact {
  readonly name: ArtifactName;
  readonly version: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly images?: readonly ImageRecord[];
}

const FORM = 1;

export const INDEX_FILE = 'kubewright-bundle.json';
/** The same digests, as `sha256sum --check` reads them. */
export const SUMS_FILE = 'SHA256SUMS';
export const FILES = 'files';

const SHA256 = /^[0-9a-f]{64}$/;

/** Where an artifact lies in a bundle, from the bundle's folder on; the last part is the name it has on a host. */
export function bundledPath(name: ArtifactName): string {
  return `${FILES}/${name}/${artifactFileName(name)}`;
}

function bundledArtifact({ name, version, sha256, sizeBytes, images }: Artifact): BundledArtifact {
  return { name, version, sha256, sizeBytes, ...(images && { images }) };
}

export function bundleIndex({ kubernetes, architecture, source }: Omit<BundleIndex, 'kind' | 'form' | 'artifacts'>, artifacts: readonly Artifact[]): BundleIndex {
  return { kind: 'ArtifactBundle', form: FORM, kubernetes, architecture, source, artifacts: artifacts.map(bundledArtifact) };
}

export function indexText(index: BundleIndex): string {
  return `${JSON.stringify(index, undefined, 2)}\n`;
}

export function sumsText({ artifacts }: BundleIndex): string {
  return artifacts.map(({ name, sha256 }) => `${sha256}  ${bundledPath(name)}\n`).join('');
}

/** The index of the bundle in `directory`. Throws `bundle-unfit` where there is none, or it is not of the form. */
export async function readIndex(directory: string): Promise<BundleIndex> {
  const path = join(directory, INDEX_FILE);
  const text = await readFile(path, 'utf8').catch(async (cause: unknown) => {
    throw new AppError('bundle-unfit', `there is no bundle in ${directory}: ${await whyNone(directory, cause)}`, {
      hint: 'name the folder that kubewright artifacts bundle -o DIR made; one whose making was interrupted is completed by the same command',
      cause,
    });
  });
  const index = parseIndex(text);
  if (index !== undefined) return index;
  throw new AppError('bundle-unfit', `${path} is damaged: it is no index of a bundle of this version of kubewright`, { hint: MAKE_AGAIN });
}

async function whyNone(directory: string, cause: unknown): Promise<string> {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return `${INDEX_FILE} cannot be read: ${systemWords(cause)}`;
  const hasFolder = (await stat(directory).catch(absent)) !== undefined;
  return hasFolder ? `the folder has no ${INDEX_FILE}` : `there is no folder ${resolve(directory)}`;
}

export const MAKE_AGAIN = 'copy the file again from where the bundle was made, or run kubewright artifacts bundle there again: it mends what is not right';

/** Undefined for a text that is no index of this version. */
export function parseIndex(text: string): BundleIndex | undefined {
  try {
    const value = JSON.parse(text) as Partial<BundleIndex> | null;
    const isWhole =
      value?.kind === 'ArtifactBundle' &&
      value.form === FORM &&
      [value.kubernetes, value.architecture].every((each) => typeof each === 'string') &&
      (value.source === 'go' || value.source === 'upstream') &&
      Array.isArray(value.artifacts) &&
      value.artifacts.every(isBundled);
    return isWhole ? (value as BundleIndex) : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** What is read becomes paths and words to hosts: nothing but what this version knows is let in. */
function isBundled(value: Partial<BundledArtifact> | null): boolean {
  const images: unknown = value?.images ?? [];
  const isImage = (image: Partial<ImageRecord> | null): boolean => typeof image?.name === 'string' && /^sha256:[0-9a-f]{64}$/.test(String(image.digest));
  return (
    allArtifacts.some((name) => name === value?.name) &&
    typeof value?.version === 'string' &&
    SHA256.test(String(value.sha256)) &&
    Number.isSafeInteger(value.sizeBytes) &&
    Array.isArray(images) &&
    images.every(isImage)
  );
}
