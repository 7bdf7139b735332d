import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostArchitecture } from './architecture.ts';
import { ensureEntry } from './cache.ts';
import { acquireLock } from './entry-lock.ts';
import { removeEntries, unusedEntries } from './prune-cache.ts';

const signal = new AbortController().signal;
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'prune-'));
});
afterEach(() => rm(root, { recursive: true }));

const idOf = (name: string): string => `${name}-linux-${hostArchitecture()}-0123456789ab`;

/** Makes entries of 100 KiB and more. */
async function make(...ids: readonly string[]): Promise<void> {
  for (const name of ids) {
    const id = idOf(name);
    const fill = async (dir: string): Promise<void> => {
      await mkdir(join(dir, 'inner'));
      await writeFile(join(dir, 'inner', 'file'), Buffer.alloc(102_400, 1));
    };
    await ensureEntry({ id, make: fill }, { root, signal });
  }
}

describe('the cache', () => {
  it('tells what nothing asks for, with its size on the disk', async () => {
    await make('kubeadm-1', 'kubeadm-2', 'etcd-1');
    const unused = await unusedEntries(root, new Set([idOf('kubeadm-2')]));
    expect(unused.map(({ id, path }) => [id, path])).toEqual(['etcd-1', 'kubeadm-1'].map(idOf).map((id) => [id, join(root, 'entries', id)]));
    for (const { sizeBytes } of unused) expect(sizeBytes).toBeGreaterThanOrEqual(102_400);
  });

  it('loses what is named, and nothing else', async () => {
    await make('a', 'b', 'c');
    await removeEntries(root, await unusedEntries(root, new Set([idOf('b')])));
    expect(await readdir(join(root, 'entries'))).toEqual([idOf('b')]);
    expect(await readdir(join(root, 'bin'))).toEqual([]);
    expect(await unusedEntries(root, new Set([idOf('b')]))).toEqual([]);
  });

  it('loses nothing while a process makes something in it', async () => {
    await make('a');
    const lock = await acquireLock(join(root, 'locks', 'go-etcd'), { signal, isDone: async () => false, onWait: () => undefined });
    const unused = await unusedEntries(root, new Set());
    await expect(removeEntries(root, unused)).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(`process ${process.pid} on `) as string });
    expect(await readdir(join(root, 'entries'))).toEqual([idOf('a')]);
    await lock?.release();
    await removeEntries(root, unused);
    expect(await readdir(join(root, 'entries'))).toEqual([]);
  });

  it('passes over what is no entry of this architecture', async () => {
    const strays = ['.DS_Store', 'lost+found', 'notes', idOf('a').replace(hostArchitecture(), 'riscv64')];
    for (const name of strays) await mkdir(join(root, 'entries', name), { recursive: true });
    expect(await unusedEntries(root, new Set())).toEqual([]);
  });

  it('that is not there has nothing to lose', async () => {
    expect(await unusedEntries(join(root, 'none'), new Set())).toEqual([]);
    await removeEntries(join(root, 'none'), []);
  });
});
