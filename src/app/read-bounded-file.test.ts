import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBoundedFile } from './read-bounded-file.ts';

const { signal } = new AbortController();
const limitBytes = 100_000;
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubewright-read-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function pipe(name: string): string {
  const path = join(directory, name);
  execFileSync('mkfifo', [path]);
  return path;
}

describe('readBoundedFile', () => {
  it('gives a text up to the limit, and nothing of a longer one', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'ä'.repeat(limitBytes / 2));
    expect(await readBoundedFile(path, { limitBytes, signal })).toEqual({ text: 'ä'.repeat(limitBytes / 2) });
    expect(await readBoundedFile(path, { limitBytes: limitBytes - 1, signal })).toEqual({ refused: `it has more than ${limitBytes - 1} bytes` });
  });

  it('reads a file whose size says 0', async () => {
    expect(await readBoundedFile('/proc/self/status', { limitBytes, signal })).toEqual({ text: expect.stringContaining('Name:') as string });
  });

  it.each([
    ['/dev/zero', 'it is a device, no file'],
    ['/dev/null', 'it is a device, no file'],
    [tmpdir(), 'it is a directory'],
  ])('does not read %s', async (path, refused) => expect(await readBoundedFile(path, { limitBytes, signal })).toEqual({ refused }));

  it('reads a pipe to its end, whenever that is written', async () => {
    const path = pipe('written');
    const reading = readBoundedFile(path, { limitBytes, signal });
    const writer = spawn('sh', ['-c', `exec > '${path}'; printf 'first '; printf second`], { stdio: 'ignore' });
    expect(await reading).toEqual({ text: 'first second' });
    expect(writer.pid).toBeGreaterThan(0);
  });

  it('takes no more of a pipe than the limit', async () => {
    const path = pipe('endless');
    const writer = spawn('sh', ['-c', `exec > '${path}'; exec yes`], { stdio: 'ignore' });
    expect(await readBoundedFile(path, { limitBytes, signal })).toEqual({ refused: `it has more than ${limitBytes} bytes` });
    writer.kill();
  });

  it('gives a pipe up that nobody writes, and at once when it is asked to', async () => {
    const path = pipe('silent');
    expect(await readBoundedFile(path, { limitBytes, signal, pipeDeadlineMs: 50 })).toEqual({ refused: 'it is a pipe, and was not written to its end within 0.05 s' });
    await expect(readBoundedFile(path, { limitBytes, signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'interrupted' });
  });
});
