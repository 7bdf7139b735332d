import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const REMOVE_RETRIES = 5;

/**
 * Removes a directory that programs of a dead maker may still write into: it is moved away first, so that they find it no more and end. What could not be removed
 * because one of them was faster stays in the bin until it is emptied.
 */
export async function discard(bin: string, dir: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  const moved = join(bin, randomUUID());
  try {
    await rename(dir, moved);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    throw cause;
  }
  await removeTree(moved);
}

/** Removes what earlier discards left in the bin. */
export async function emptyBin(bin: string): Promise<void> {
  const names = await readdir(bin).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return [];
    throw cause;
  });
  await Promise.all(names.map((name) => removeTree(join(bin, name))));
}

async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: REMOVE_RETRIES });
  } catch (cause) {
    // Written into between listing and removal: the next emptying takes it.
    if (codeOf(cause) !== 'ENOTEMPTY') throw cause;
  }
}

function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException).code;
}
