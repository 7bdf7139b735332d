import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { absent } from '../util/absent.ts';
import { hostArchitecture } from './architecture.ts';
import { BIN, entryPath } from './cache.ts';
import { discard } from './discard.ts';
import { lockState } from './entry-lock.ts';

/** An entry of the cache that nothing of this version asks for. */
export interface UnusedEntry {
  readonly id: string;
  readonly path: string;
  /** On the disk. */
  readonly sizeBytes: number;
}

/** `st_blocks` counts these, whatever the filesystem. */
const BLOCK_BYTES = 512;

/** The form of ids of entries that are made for this architecture. */
const ownId = (): RegExp => new RegExp(`^(?:lab-rootfs-[a-z]+|[a-z0-9][A-Za-z0-9._+-]*-linux-${hostArchitecture()})-[0-9a-f]{12}$`);

/** Entries of the cache at `root`, made for this architecture, whose id is none of `keep`, by id. Whatever else lies there is nobody's to remove. */
export async function unusedEntries(root: string, keep: ReadonlySet<string>): Promise<readonly UnusedEntry[]> {
  const own = ownId();
  const ids = (await namesIn(join(root, 'entries'))).filter((id) => own.test(id) && !keep.has(id)).sort();
  return Promise.all(ids.map(async (id) => ({ id, path: entryPath(root, id), sizeBytes: await sizeOf(entryPath(root, id)) })));
}

/** Removes entries; each is gone from under its name at once. Throws `locked` while a process makes anything in this cache: it may be about to use one of them. */
export async function removeEntries(root: string, entries: readonly UnusedEntry[]): Promise<void> {
  for (const name of await namesIn(join(root, 'locks'))) {
    const { owner } = await lockState(join(root, 'locks', name));
    if (owner === 'free') continue;
    throw new AppError('locked', `process ${owner.pid} on ${owner.host} makes ${name} in the cache; nothing was removed`, { retry: 'safe' });
  }
  for (const { path } of entries) await discard(join(root, BIN), path);
}

async function sizeOf(path: string): Promise<number> {
  const entry = await lstat(path).catch(absent);
  if (entry === undefined) return 0;
  const own = entry.blocks * BLOCK_BYTES;
  if (!entry.isDirectory()) return own;
  let total = own;
  for (const name of await namesIn(path)) total += await sizeOf(join(path, name));
  return total;
}

async function namesIn(path: string): Promise<readonly string[]> {
  return (await readdir(path).catch(absent)) ?? [];
}
