import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pollUntil } from '../util/poll.ts';
import { absent } from '../util/absent.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { isAlive, ownIdentity } from './process-identity.ts';

/** A lock held by this process until `release`. Every holder of a lock has a higher generation than those before it. */
export interface HeldLock {
  readonly generation: number;
  readonly release: () => Promise<void>;
}

export interface LockWait {
  readonly signal: AbortSignal;
  /** Looked at before each try: true ends the wait without the lock, since what it guards is there already. */
  readonly isDone: () => Promise<boolean>;
  readonly onWait: (owner: ProcessIdentity, lockFile: string) => void;
}

/** The newest holder of a lock: `free` when there is none, it released the lock, or it died. */
export interface LockState {
  readonly generation: number;
  readonly owner: ProcessIdentity | 'free';
}

/** Longer than any build takes from nothing on a slow machine. */
const LOCK_DEADLINE_MS = 4 * 60 * 60 * 1000;
const RELEASED = 'released';

/**
 * Takes the inter-process lock kept in `dir`; `undefined` when `isDone` came true first.
 *
 * The directory holds one file per generation, made by `link`, which fails if the file exists; the highest one says who holds the lock. It is never removed, only marked
 * released by its holder, so nobody can delete a lock that somebody else took meanwhile: the flaw of lock files that are taken over by removal.
 */
export async function acquireLock(dir: string, wait: LockWait): Promise<HeldLock | undefined> {
  await mkdir(dir, { recursive: true });
  let told = -1;
  const attempt = async (): Promise<HeldLock | 'done' | undefined> => {
    if (await wait.isDone()) return 'done';
    const { generation, owner } = await lockState(dir);
    if (owner === 'free') return (await claim(dir, generation + 1)) ? { generation: generation + 1, release: () => release(dir, generation + 1) } : attempt();
    if (told !== generation) wait.onWait(owner, join(dir, String(generation)));
    told = generation;
    return undefined;
  };
  const result = await pollUntil(attempt, { what: `the lock ${dir}`, deadlineMs: LOCK_DEADLINE_MS, signal: wait.signal });
  return result === 'done' ? undefined : result;
}

/** Who holds the lock kept in `dir`. */
export async function lockState(dir: string): Promise<LockState> {
  const generation = await newestGeneration(dir);
  if (generation === 0) return { generation, owner: 'free' };
  const text = await readFile(join(dir, String(generation)), 'utf8').catch(absent);
  // Gone: a newer holder tidied up between listing and reading.
  if (text === undefined) return lockState(dir);
  if (text === RELEASED) return { generation, owner: 'free' };
  const owner = JSON.parse(text) as ProcessIdentity;
  return { generation, owner: (await isAlive(owner)) ? owner : 'free' };
}

async function claim(dir: string, generation: number): Promise<boolean> {
  const draft = await writeDraft(dir, JSON.stringify(await ownIdentity()));
  try {
    await link(draft, join(dir, String(generation)));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
  // Made from an old listing? Then a higher generation exists, as the highest is never removed.
  if ((await newestGeneration(dir)) === generation) {
    await removeOlder(dir, generation);
    return true;
  }
  await rm(join(dir, String(generation)), { force: true });
  return false;
}

async function release(dir: string, generation: number): Promise<void> {
  await rename(await writeDraft(dir, RELEASED), join(dir, String(generation)));
}

async function writeDraft(dir: string, text: string): Promise<string> {
  const draft = join(dir, `draft-${randomUUID()}`);
  await writeFile(draft, text, { flush: true });
  return draft;
}

async function newestGeneration(dir: string): Promise<number> {
  return Math.max(0, ...(await generations(dir)));
}

async function removeOlder(dir: string, generation: number): Promise<void> {
  const older = (await generations(dir)).filter((other) => other < generation);
  await Promise.all(older.map((other) => rm(join(dir, String(other)), { force: true })));
}

async function generations(dir: string): Promise<readonly number[]> {
  const names = (await readdir(dir).catch(absent)) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}
