import { copyFile, chmod, mkdir, open, readFile, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { KubeconfigEntries } from './kubeconfig.ts';
import { mergedKubeconfig } from './merged-kubeconfig.ts';
import { writeWhole } from './write-whole.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

export interface MergeRequest {
  /** Default: the file that kubectl itself writes to. */
  readonly path?: string | undefined;
  /** Default: the cluster's name. */
  readonly context?: string | undefined;
}

export interface MergeResult {
  readonly path: string;
  readonly context: string;
  /** A copy of the file as it was; undefined where there was none, or nothing changed. */
  readonly backup: string | undefined;
  readonly currentContext: string;
}

/** The first file of `$KUBECONFIG`, else `~/.kube/config`. */
export function ownKubeconfigPath(env: Readonly<Record<string, string | undefined>>): string {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '');
  return named ?? join(homedir(), '.kube', 'config');
}

/** Puts a cluster's entries into a person's kubeconfig: the file is replaced as a whole, for its owner alone, after a copy of it was made. Throws `refused`, `locked` or `usage`. */
export async function mergeKubeconfig(entries: KubeconfigEntries, { path: wanted, context = entries.name }: MergeRequest): Promise<MergeResult> {
  const named = wanted ?? ownKubeconfigPath(process.env);
  try {
    await mkdir(dirname(named), { recursive: true, mode: PRIVATE_DIRECTORY });
    // A link stays one: what it leads to is replaced.
    const path = await realpath(named).catch(() => named);
    return { path: named, context, ...(await withLock(path, () => mergeInto(path, entries, context))) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('usage', `the kubeconfig ${named} cannot be merged: ${(cause as Error).message}`, {
      hint: 'name another file, or write one of its own with --out FILE',
      cause,
    });
  }
}

async function mergeInto(path: string, entries: KubeconfigEntries, context: string): Promise<Pick<MergeResult, 'backup' | 'currentContext'>> {
  const before = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  const { text, currentContext } = mergedKubeconfig(before ?? '', entries, { path, context });
  if (text === before) return { backup: undefined, currentContext };
  const backup = before === undefined ? undefined : `${path}.before-kubewright`;
  if (backup !== undefined) {
    await copyFile(path, backup);
    await chmod(backup, PRIVATE_FILE);
  }
  await writeWhole(path, text, { mode: PRIVATE_FILE, replace: true });
  return { backup, currentContext };
}

/** kubectl's own lock of the file (client-go, clientcmd/config.go): a file beside it that only one can make. */
async function withLock<T>(path: string, change: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const held = await open(lock, 'wx').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new AppError('locked', `${lock} is there: something else writes ${path}`, { hint: `wait for it to end; if nothing is at work, remove ${lock}`, cause });
  });
  try {
    await held.close();
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}
