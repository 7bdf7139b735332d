import { access, mkdir, open, readdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import { discard, emptyBin } from './discard.ts';
import type { HeldLock } from './entry-lock.ts';
import { acquireLock, lockState } from './entry-lock.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface EntryRequest {
  /** Names the content for good: everything it is made from goes into it (versions, a digest of the recipe). */
  readonly id: string;
  /** Fills the empty directory `dir`. What it started must have ended when it returns. */
  readonly make: (dir: string, signal: AbortSignal) => Promise<void>;
}

/** Several entries that are made together; whoever makes any of them holds `lock`. */
export interface EntriesRequest {
  readonly lock: string;
  readonly ids: readonly string[];
  readonly make: (making: EntriesMaking) => Promise<void>;
}

export interface EntriesMaking {
  /** The empty directories to fill: those of the entries that are absent, by id. */
  readonly dirs: ReadonlyMap<string, string>;
  /** An empty directory on the same filesystem that is removed afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

export interface EnsureOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Default: `cacheRoot()`. */
  readonly root?: string | undefined;
}

const ID = /^[a-z0-9][A-Za-z0-9._+-]*$/;
/** Starts with a dot, as no id does. */
const SCRATCH = '.scratch';
/** Where what is removed waits for its end. */
export const BIN = 'bin';

/** The cache's directory: $KUBEWRIGHT_CACHE, else $XDG_CACHE_HOME/kubewright, else ~/.cache/kubewright. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env['KUBEWRIGHT_CACHE']) return env['KUBEWRIGHT_CACHE'];
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubewright');
}

/** Where an entry is, or would be. */
export function entryPath(root: string, id: string): string {
  return join(root, 'entries', plainName(id));
}

function plainName(id: string): string {
  if (!ID.test(id)) throw new Error(`cache entry id ${JSON.stringify(id)} is not a plain file name`);
  return id;
}

/** The path of the complete directory `entries/<id>`, made if it is absent: `ensureEntries` of one. */
export async function ensureEntry(request: EntryRequest, options: EnsureOptions): Promise<string> {
  const { id } = request;
  await ensureEntries({ lock: id, ids: [id], make: ({ dirs, signal }) => request.make(dirs.get(id) ?? '', signal) }, options);
  return entryPath(options.root ?? cacheRoot(), id);
}

/**
 * Makes those of the directories `entries/<id>` that are absent. What is there is complete: `make` fills directories elsewhere on the same filesystem that are synced and
 * renamed. Any number of processes may ask at once: one makes, the others wait for it, or take over if it dies.
 */
export async function ensureEntries(request: EntriesRequest, options: EnsureOptions): Promise<void> {
  const root = options.root ?? cacheRoot();
  const isDone = async () => (await absentIds(root, request.ids)).length === 0;
  if (await isDone()) return;
  try {
    const lock = await acquireLock(join(root, 'locks', plainName(request.lock)), {
      signal: options.signal,
      isDone,
      onWait: (owner, lockFile) => options.onProgress?.(waitingLine(request.lock, owner, lockFile)),
    });
    if (lock) await makeHolding(lock, { root, request, signal: options.signal });
  } catch (cause) {
    throw options.signal.aborted && !(cause instanceof AppError) ? new AppError('interrupted', `making ${request.lock} was interrupted`, { cause }) : cause;
  }
}

interface Making {
  readonly root: string;
  readonly request: EntriesRequest;
  readonly signal: AbortSignal;
}

async function makeHolding(lock: HeldLock, making: Making): Promise<void> {
  try {
    // The holder before us may have finished between our look and the lock.
    const absent = await absentIds(making.root, making.request.ids);
    if (absent.length === 0) return;
    await clearAbandoned(making.root);
    await makeAndPublish(join(making.root, 'tmp', making.request.lock, String(lock.generation)), absent, making);
  } finally {
    await lock.release();
  }
}

async function makeAndPublish(draft: string, absent: readonly string[], { root, request, signal }: Making): Promise<void> {
  const dirs = new Map(absent.map((id) => [id, join(draft, id)]));
  const scratch = join(draft, SCRATCH);
  try {
    for (const dir of [scratch, ...dirs.values()]) await mkdir(dir, { recursive: true });
    await request.make({ dirs, scratch, signal });
    signal.throwIfAborted();
    await runProgram('sync', process.platform === 'linux' ? ['-f', draft] : []);
    await mkdir(join(root, 'entries'), { recursive: true });
    for (const [id, dir] of dirs) await rename(dir, entryPath(root, id));
    await syncDirectory(join(root, 'entries'));
  } finally {
    // An aborted program's children may write for a moment longer.
    await discard(join(root, BIN), draft);
  }
}

async function absentIds(root: string, ids: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(ids.map((id) => exists(entryPath(root, id))));
  return ids.filter((_id, index) => found[index] === false);
}

/** Removes what makers that died left behind; a directory of a later holder of the same lock is not touched. */
async function clearAbandoned(root: string): Promise<void> {
  for (const id of await namesIn(join(root, 'tmp'))) {
    const { generation, owner } = await lockState(join(root, 'locks', id));
    const own = owner === 'free' ? generation : generation - 1;
    const abandoned = (await namesIn(join(root, 'tmp', id))).filter((name) => Number(name) <= own);
    for (const name of abandoned) await discard(join(root, BIN), join(root, 'tmp', id, name));
  }
  await emptyBin(join(root, BIN));
}

function waitingLine(id: string, owner: ProcessIdentity, lockFile: string): string {
  return `${id} is being made by process ${owner.pid} on ${owner.host} (lock ${lockFile})`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
