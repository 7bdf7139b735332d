import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { count } from '../util/count.ts';
import { systemWords } from '../util/system-words.ts';
import type { Artifact, ArtifactName } from './artifact.ts';
import type { BundleIndex, BundledArtifact } from './bundle-index.ts';
import { MAKE_AGAIN, bundledPath } from './bundle-index.ts';
import { fileSha256 } from './content-digest.ts';

/** What a bundle must be for. */
export interface BundleUse {
  readonly kubernetes: string;
  readonly architecture: string;
  readonly names: readonly ArtifactName[];
}

/** Throws `bundle-unfit` where the bundle is for another release or processor, or lacks artifacts. Its files are not read. */
export function checkIndex(directory: string, { kubernetes, architecture, artifacts }: BundleIndex, use: BundleUse): void {
  const make = `make one with: kubewright artifacts bundle --kubernetes ${use.kubernetes} -o DIR`;
  if (kubernetes !== use.kubernetes)
    throw new AppError('bundle-unfit', `the bundle in ${directory} is for Kubernetes ${kubernetes}, the cluster is to be ${use.kubernetes}`, { hint: make });
  if (architecture !== use.architecture)
    throw new AppError('bundle-unfit', `the bundle in ${directory} is for ${architecture}, this machine is ${use.architecture}`, {
      hint: `${make}, on a machine of this architecture`,
    });
  const missing = use.names.filter((name) => !artifacts.some((artifact) => artifact.name === name));
  if (missing.length > 0)
    throw new AppError('bundle-unfit', `the bundle in ${directory} lacks ${missing.join(', ')}`, {
      hint: 'make it anew with this version of kubewright: kubewright artifacts bundle',
    });
}

/** The artifacts of a bundle, each file compared with its digest. Throws `bundle-unfit` that names every file which is missing or damaged. */
export async function readBundle(directory: string, { artifacts }: BundleIndex, names: readonly ArtifactName[], signal: AbortSignal): Promise<ReadonlyMap<ArtifactName, Artifact>> {
  const wanted = artifacts.filter(({ name }) => names.includes(name)).map((artifact) => ({ ...artifact, path: join(directory, bundledPath(artifact.name)) }));
  const faults: string[] = [];
  for (const artifact of wanted) {
    const fault = await faultOf(artifact, signal);
    if (fault !== undefined) faults.push(`${artifact.path}: ${fault}`);
  }
  if (faults.length === 0) return new Map(wanted.map((artifact) => [artifact.name, artifact]));
  throw new AppError('bundle-unfit', `${count(faults.length, 'file')} of the bundle in ${directory} ${faults.length === 1 ? 'is' : 'are'} not right; no machine was changed`, {
    details: faults,
    hint: MAKE_AGAIN,
  });
}

async function faultOf({ path, sizeBytes, sha256 }: BundledArtifact & { readonly path: string }, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size !== sizeBytes) return `it has ${size} bytes, the index says ${sizeBytes}`;
    const found = await fileSha256(path, signal);
    return found === sha256 ? undefined : `it has sha256 ${found}, the index says ${sha256}`;
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) return `it cannot be read: ${systemWords(cause)}`;
    throw cause;
  }
}
