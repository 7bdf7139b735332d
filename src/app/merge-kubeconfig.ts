import { constants } from 'node:fs';
import { access, copyFile, chmod, mkdir, open, readFile, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { systemWords } from '../util/system-words.ts';
import type { KubeconfigEntries } from './kubeconfig.ts';
import { currentContextIn, mergedKubeconfig } from './merged-kubeconfig.ts';
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

type Environment = Readonly<Record<string, string | undefined>>;

/** The file that kubectl writes to (client-go, clientcmd/config.go): the first of `$KUBECONFIG` that is there, else the last of them; without any `~/.kube/config`. */
export async function ownKubeconfigPath(env: Environment): Promise<string> {
  const listed = listedKubeconfigs(env);
  for (const path of listed) if (await isThere(path)) return path;
  return listed.at(-1) ?? join(homedir(), '.kube', 'config');
}

function listedKubeconfigs(env: Environment): readonly string[] {
  return (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Puts a cluster's entries into a person's kubeconfig: the file is replaced as a whole, for its owner alone, after a copy of it was made. Throws `refused`, `locked` or `local-file`. */
export async function mergeKubeconfig(entries: KubeconfigEntries, { path: wanted, context = entries.name }: MergeRequest, env: Environment = process.env): Promise<MergeResult> {
  const named = wanted ?? (await ownKubeconfigPath(env));
  try {
    await mkdir(dirname(named), { recursive: true, mode: PRIVATE_DIRECTORY });
    // A link stays one: what it leads to is replaced.
    const path = await realpath(named).catch(() => named);
    return { path: named, context, ...(await withLock(path, () => mergeInto(entries, { path, context, together: readTogether(named, env) }))) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('local-file', `the kubeconfig ${named} cannot be merged: ${systemWords(cause)}`, {
      hint: 'name another file, or write one of its own with --out FILE',
      cause,
    });
  }
}

/** What kubectl reads as one with this file, in its order: the first that names a current context decides. */
function readTogether(path: string, env: Environment): readonly string[] {
  const listed = listedKubeconfigs(env);
  return listed.some((each) => resolve(each) === resolve(path)) ? listed : [];
}

interface Merging {
  readonly path: string;
  readonly context: string;
  readonly together: readonly string[];
}

async function mergeInto(entries: KubeconfigEntries, { path, context, together }: Merging): Promise<Pick<MergeResult, 'backup' | 'currentContext'>> {
  const before = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  const texts = await Promise.all(together.map((each) => readFile(each, 'utf8').catch(() => '')));
  const current = texts.map(currentContextIn).find((name) => name !== undefined);
  const { text, currentContext } = mergedKubeconfig(before ?? '', entries, { path, context, current });
  if (text === before) return { backup: undefined, currentContext };
  const backup = before === undefined ? undefined : await backUp(path);
  await writeWhole(path, text, { mode: PRIVATE_FILE, replace: true });
  return { backup, currentContext };
}

/** A copy beside the file; one of an earlier merge stays. */
async function backUp(path: string, number = 1): Promise<string> {
  const backup = `${path}.before-kubewright${number === 1 ? '' : `-${number}`}`;
  const isMade = await copyFile(path, backup, constants.COPYFILE_EXCL).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') return false;
      throw cause;
    },
  );
  if (!isMade) return backUp(path, number + 1);
  await chmod(backup, PRIVATE_FILE);
  return backup;
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
