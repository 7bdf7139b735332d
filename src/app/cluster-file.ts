import { homedir } from 'node:os';
import { findRelease, releases } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import type { Cluster } from '../model/cluster.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import { loadCluster } from '../spec/load-cluster.ts';
import { clusterFileError, formatProblem } from '../spec/problem.ts';
import { systemWords } from '../util/system-words.ts';
import { whyMissing } from './operator-secrets.ts';
import { whyUnreadable } from './readable-files.ts';
import { readBoundedFile, readStandardInput } from './read-bounded-file.ts';

const DEFAULT_PATH = 'cluster.yaml';
/** Far above any cluster file: what is larger is refused before it is read whole. */
const READ_LIMIT_BYTES = 16 * 1024 * 1024;

/** As other tools have it. */
const STANDARD_INPUT = '-';

const NEVER = new AbortController().signal;

/** A valid cluster file, resolved. */
export interface LoadedCluster {
  readonly path: string;
  readonly cluster: Cluster;
  readonly release: Release;
  /** Digest of what the file desires. */
  readonly desired: string;
  /** For people: what is allowed and yet unwise, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads and checks a cluster file as a whole; opens no connection. Throws `cluster-file-missing` or `cluster-file-invalid` with every problem. `secrets`: whether those that it names
 * must be there too; `isDialled`: whether files that ssh is to be given must be.
 */
export async function readClusterFile(path: string = DEFAULT_PATH, signal: AbortSignal = NEVER, { secrets = false, isDialled = false } = {}): Promise<LoadedCluster> {
  const result = loadCluster(await readText(path, signal), path, { releases, home: homedir(), ...(secrets && { whyMissing }), ...(isDialled && { whyUnreadable }) });
  if (!result.ok) throw clusterFileError(result.problems);
  const { cluster, warnings } = result;
  const release = findRelease(cluster.wide.kubernetesVersion);
  if (release === undefined) throw new AppError('internal', `version ${cluster.wide.kubernetesVersion} passed the checks and is not in the catalogue`);
  return { path, cluster, release, desired: digestOfCluster(cluster), warnings: warnings.flatMap(formatProblem) };
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  const limits = { limitBytes: READ_LIMIT_BYTES, signal };
  const read = await (path === STANDARD_INPUT ? readStandardInput(limits) : readBoundedFile(path, limits)).catch((cause: unknown) => {
    throw isFileError(cause) ? unreadable(path, cause) : cause;
  });
  if ('text' in read) return read.text;
  throw new AppError('cluster-file-invalid', `${path} is no cluster file: ${read.refused}`, { hint: 'name the cluster file with -f FILE' });
}

function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'ENOENT') return new AppError('cluster-file-missing', `cluster file ${path}: there is no such file`, { cause });
  return new AppError('cluster-file-missing', `cluster file ${path} cannot be read: ${systemWords(cause)}`, { cause, hint: 'name a file that you may read with -f FILE' });
}

function isFileError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
