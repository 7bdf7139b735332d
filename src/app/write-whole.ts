import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';

export interface WriteOptions {
  readonly mode: number;
  /** Whether a file that is there makes way; otherwise the file system's `EEXIST` is thrown. */
  readonly replace: boolean;
}

/** Writes a file as a whole or not at all: who reads it meanwhile sees the old or the new one. Throws what the file system says. */
export async function writeWhole(path: string, text: string, { mode, replace }: WriteOptions): Promise<void> {
  const beside = `${path}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { mode, flag: 'wx' });
    await (replace ? rename(beside, path) : link(beside, path));
  } finally {
    await rm(beside, { force: true });
  }
}
