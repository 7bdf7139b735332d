import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import type { HeldLock } from './entry-lock.ts';
import { acquireLock, lockState } from './entry-lock.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface EntryRequest {
  /** Names the content for good: everything it is made from goes into it (versions, a digest of the recipe). */
  readonly id: string;
  /** Fills the empty directory `dir`. What it started must have ended when it returns. */
  readonly make: (dir: string, signal: AbortSignal) => Promise<void>;
}

export interface EnsureOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Default: `cacheRoot()`. */
  readonly root?: string | undefined;
}

const ID = /^[a-z0-9][A-Za-z0-9._+-]*$/;

/** The cache's directory: $KUBEWRIGHT_CACHE, else $XDG_CACHE_HOME/kubewright, else ~/.cache/kubewright. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env['KUBEWRIGHT_CACHE']) return env['KUBEWRIGHT_CACHE'];
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubewright');
}

/** Where an entry is, or would be. */
export function entryPath(root: string, id: string): string {
  if (!ID.test(id)) throw new Error(`cache entry id ${JSON.stringify(id)} is not a plain file name`);
  return join(root, 'entries', id);
}

/**
 * The path of the complete directory `entries/<id>`, made if it is absent. What is there is complete: `make` fills a directory elsewhere on the same filesystem that is
 * synced and renamed. Any number of processes may ask at once: one makes, the others wait for it, or take over if it dies.
 */
export async function ensureEntry(request: EntryRequest, options: EnsureOptions): Promise<string> {
  const root = options.root ?? cacheRoot();
  const path = entryPath(root, request.id);
  if (await exists(path)) return path;
  try {
    const lock = await acquireLock(join(root, 'locks', request.id), {
      signal: options.signal,
      isDone: () => exists(path),
      onWait: (owner, lockFile) => options.onProgress?.(waitingLine(request.id, owner, lockFile)),
    });
    if (lock) await makeHolding(lock, { root, path, request, signal: options.signal });
    return path;
  } catch (cause) {
    throw options.signal.aborted && !(cause instanceof AppError) ? new AppError('interrupted', `making ${request.id} was interrupted`, { cause }) : cause;
  }
}

interface Making {
  readonly root: string;
  readonly path: string;
  readonly request: EntryRequest;
  readonly signal: AbortSignal;
}

async function makeHolding(lock: HeldLock, making: Making): Promise<void> {
  try {
    // The holder before us may have finished between our look and the lock.
    if (await exists(making.path)) return;
    await clearAbandoned(making.root);
    await makeAndPublish(join(making.root, 'tmp', making.request.id, String(lock.generation)), making);
  } finally {
    await lock.release();
  }
}

async function makeAndPublish(draft: string, { root, path, request, signal }: Making): Promise<void> {
  await mkdir(draft, { recursive: true });
  try {
    await request.make(draft, signal);
    signal.throwIfAborted();
    await runProgram('sync', process.platform === 'linux' ? ['-f', draft] : []);
    await mkdir(join(root, 'entries'), { recursive: true });
    await rename(draft, path);
    await syncDirectory(join(root, 'entries'));
  } finally {
    await rm(join(root, 'tmp', request.id), { recursive: true, force: true });
  }
}

/** Removes what makers that died left behind; a directory of a later holder of the same lock is not touched. */
async function clearAbandoned(root: string): Promise<void> {
  for (const id of await namesIn(join(root, 'tmp'))) {
    const { generation, owner } = await lockState(join(root, 'locks', id));
    const own = owner === 'free' ? generation : generation - 1;
    const abandoned = (await namesIn(join(root, 'tmp', id))).filter((name) => Number(name) <= own);
    await Promise.all(abandoned.map((name) => rm(join(root, 'tmp', id, name), { recursive: true, force: true })));
  }
}

function waitingLine(id: string, owner: ProcessIdentity, lockFile: string): string {
  return `${id} is being made by process ${owner.pid} on ${owner.host} (lock ${lockFile})`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  await handle.sync().finally(() => handle.close());
}
