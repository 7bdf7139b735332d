import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, basename } from 'node:path';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import type { ArtifactLockJson } from '../contract/artifact-lock.ts';
import { artifactLockJson, artifactLockSchema } from '../contract/artifact-lock.ts';
import { AppError } from '../errors/app-error.ts';
import { quote } from '../shell/quote.ts';
import { absent } from '../util/absent.ts';
import { count } from '../util/count.ts';
import type { ArtifactSource } from './artifact-source.ts';
import { lockDifferences } from './lock-differences.ts';
import { writeWhole } from './write-whole.ts';

/** The lock file of a cluster file. */
export interface LockFile {
  readonly path: string;
  /** Undefined where there is none yet. */
  readonly lock: ArtifactLockJson | undefined;
}

const EXTENSION = '.lock';

/** Like the cluster file, it holds no secret and is to be read by others. */
const MODE = 0o644;

/** The lock beside a cluster file: `cluster.lock` of `cluster.yaml`; undefined where the cluster file is no file that could have something beside it. Throws `lock-unfit` for one that is damaged. */
export async function readLock(clusterFile: string): Promise<LockFile | undefined> {
  const found = await lookForLock(clusterFile);
  if (found?.isDamaged !== true) return found && { path: found.path, lock: found.lock };
  throw new AppError('lock-unfit', `${found.path} is no lock file of this version of kubewright`, {
    hint: `get it back from version control, or take what is at hand: kubewright artifacts lock --update -f ${quote(clusterFile)}`,
  });
}

/** The same for who writes it anew: one that is damaged holds no lock. */
export async function lookForLock(clusterFile: string): Promise<(LockFile & { readonly isDamaged: boolean }) | undefined> {
  if (!(await stat(clusterFile).catch(absent))?.isFile()) return undefined;
  const path = join(dirname(clusterFile), `${basename(clusterFile, extname(clusterFile) === EXTENSION ? '' : extname(clusterFile))}${EXTENSION}`);
  const text = await readFile(path, 'utf8').catch(absent);
  const lock = text === undefined ? undefined : artifactLockSchema.safeParse(jsonOf(text)).data;
  return { path, lock, isDamaged: text !== undefined && lock === undefined };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Says, or throws, what differs from the lock. */
export type OnDifference = (differences: readonly string[]) => void;

/** A source whose bytes are held against the lock: by their recipes before anything is made, by their digests before anything is planned. */
export function underLock(source: ArtifactSource, lock: ArtifactLockJson, onDifference: OnDifference): ArtifactSource {
  const heed = (differences: readonly string[]): void => void (differences.length > 0 && onDifference(differences));
  return {
    ...source,
    countMissing: async () => {
      const missing = await source.countMissing();
      if (missing > 0) heed(lockDifferences(lock, atHand(source, undefined)));
      return missing;
    },
    obtain: async () => {
      const artifacts = await source.obtain();
      heed(lockDifferences(lock, atHand(source, artifacts)));
      return artifacts;
    },
  };
}

/** For a run that changes machines. */
export function refuseDifferences({ path }: LockFile, clusterFile: string): OnDifference {
  return (differences) => {
    throw new AppError(
      'lock-unfit',
      `${count(differences.length, 'thing')} ${differences.length === 1 ? 'is' : 'are'} not as ${path} has ${differences.length === 1 ? 'it' : 'them'}; no machine was changed`,
      {
        details: differences,
        hint: `deploy from a bundle that has the locked bytes (--source bundle:DIR), or take what is at hand: kubewright artifacts lock --update -f ${quote(clusterFile)}`,
      },
    );
  };
}

/** The lock of what a source gave. */
export function lockOf(source: ArtifactSource, artifacts: ReadonlyMap<string, Artifact>): ArtifactLockJson {
  const { kubernetes, architecture, source: maker, artifacts: given } = atHand(source, artifacts);
  return artifactLockJson({ kubernetes, architecture, source: maker, artifacts: given.flatMap(({ sha256, ...rest }) => (sha256 === undefined ? [] : [{ ...rest, sha256 }])) });
}

/** What only bundles hold is not of the lock: with a mirror, machines take the packages of their day. */
function atHand({ release, maker, architecture, recipes, versionOf }: ArtifactSource, artifacts: ReadonlyMap<string, Artifact> | undefined): Parameters<typeof lockDifferences>[1] {
  const given = clusterArtifacts.map((name) => {
    const recipe = recipes.get(name);
    return { name, version: versionOf(name), sha256: artifacts?.get(name)?.sha256, ...(recipe !== undefined && { recipe }) };
  });
  return { kubernetes: release.kubernetes, architecture, source: maker, artifacts: given };
}

/** Writes the lock, as a whole or not at all. */
export async function writeLock(path: string, lock: ArtifactLockJson): Promise<void> {
  await writeWhole(path, `${JSON.stringify(lock, undefined, 2)}\n`, { mode: MODE, replace: true });
}
