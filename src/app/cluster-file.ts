import { homedir } from 'node:os';
import { readFile, stat } from 'node:fs/promises';
import { findRelease, knownVersions } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import type { Cluster } from '../model/cluster.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import { loadCluster } from '../spec/load-cluster.ts';
import { clusterFileError, formatProblem } from '../spec/problem.ts';

const DEFAULT_PATH = 'cluster.yaml';
/** Far above any cluster file: what is larger is refused before it is read whole. */
const READ_LIMIT_BYTES = 16 * 1024 * 1024;

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

/** Reads and checks a cluster file as a whole; opens no connection. Throws `cluster-file-missing` or `cluster-file-invalid` with every problem. */
export async function readClusterFile(path: string = DEFAULT_PATH): Promise<LoadedCluster> {
  const result = loadCluster(await readText(path), path, { knownVersions: knownVersions(), home: homedir() });
  if (!result.ok) throw clusterFileError(result.problems);
  const { cluster, warnings } = result;
  const release = findRelease(cluster.wide.kubernetesVersion);
  if (release === undefined) throw new AppError('internal', `version ${cluster.wide.kubernetesVersion} passed the checks and is not in the catalogue`);
  return { path, cluster, release, desired: digestOfCluster(cluster), warnings: warnings.flatMap(formatProblem) };
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > READ_LIMIT_BYTES) throw new AppError('cluster-file-invalid', `${path} has ${size} bytes: that is no cluster file`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : String(cause instanceof Error ? cause.message : cause);
    throw new AppError('cluster-file-missing', `cluster file ${path}: ${reason}`, { cause });
  }
}
