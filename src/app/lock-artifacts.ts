import type { ArtifactLockJson } from '../contract/artifact-lock.ts';
import { artifactNarrator } from './artifact-narrator.ts';
import { lockOf, lookForLock, readLock, refuseDifferences, writeLock } from './artifact-lock.ts';
import type { SourceWish } from './artifact-source.ts';
import { chooseSource } from './artifact-source.ts';
import type { ArtifactContext } from './artifacts.ts';
import { readClusterFile } from './cluster-file.ts';
import { lockDifferences } from './lock-differences.ts';
import { AppError } from '../errors/app-error.ts';

export interface LockChoice {
  readonly file?: string | undefined;
  readonly source?: SourceWish | undefined;
  /** Whether a lock that names other bytes makes way. */
  readonly isUpdate: boolean;
}

export interface Locked {
  readonly path: string;
  readonly lock: ArtifactLockJson;
  /** From the lock that was there. */
  readonly differences: readonly string[];
}

/** Obtains what a deployment of the cluster file uses, and writes down whose bytes that is. Throws `lock-unfit` where a lock is there that differs, and is not to be changed. */
export async function lockArtifacts({ file, source: wish, isUpdate }: LockChoice, { signal, onProgress }: ArtifactContext): Promise<Locked> {
  const loaded = await readClusterFile(file, signal);
  const found = await (isUpdate ? lookForLock : readLock)(loaded.path);
  if (found === undefined) throw new AppError('usage', `${loaded.path} is no regular file: nothing can be kept beside it`);
  const source = await chooseSource(loaded.release, wish, { signal, onArtifact: artifactNarrator(onProgress), locked: isUpdate ? undefined : found.lock?.source });
  onProgress(`artifacts: ${source.words}`);
  const lock = lockOf(source, await source.obtain());
  const differences = found.lock === undefined ? [] : lockDifferences(found.lock, lock);
  if (differences.length > 0 && !isUpdate) refuseDifferences(found, loaded.path)(differences);
  if (found.lock === undefined || differences.length > 0) await writeLock(found.path, lock);
  return { path: found.path, lock, differences };
}
