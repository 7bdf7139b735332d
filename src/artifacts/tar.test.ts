import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runProgram } from '../process/run-program.ts';
import type { TarEntry } from './tar.ts';
import { bytesContent, fileContent, tarContent } from './tar.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kubewright-tar-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(entries: readonly TarEntry[]): Promise<string> {
  const path = join(dir, 'archive.tar');
  await pipeline(tarContent(entries).read(), createWriteStream(path));
  return path;
}

const text = (path: string, content: string, mode = 0o644): TarEntry => ({ kind: 'file', path, mode, content: bytesContent(Buffer.from(content)) });

it('is read by the system tar with names, modes, links and times as given', async () => {
  const path = await write([
    { kind: 'directory', path: 'bin', mode: 0o1777 },
    text('bin/tool', 'hello', 0o755),
    { kind: 'link', path: 'bin/link', target: 'tool' },
    text('empty', ''),
  ]);
  const { stdout } = await runProgram('tar', ['--utc', '--full-time', '--numeric-owner', '-tvf', path]);
  expect(stdout).toMatchInlineSnapshot(`
    "drwxrwxrwt 0/0               0 1970-01-01 00:00:00 bin/
    -rwxr-xr-x 0/0               5 1970-01-01 00:00:00 bin/tool
    lrwxrwxrwx 0/0               0 1970-01-01 00:00:00 bin/link -> tool
    -rw-r--r-- 0/0               0 1970-01-01 00:00:00 empty
    "
  `);
});

it('gives back every content, announces its own size, and is the same bytes each time', async () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,40}$/);
  const files = fc.dictionary(
    fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/')),
    fc.uint8Array({ maxLength: 2000 }),
    { minKeys: 1, maxKeys: 5 },
  );
  await fc.assert(
    fc.asyncProperty(files, async (contents) => {
      const entries = Object.entries(contents).map(([path, bytes]): TarEntry => ({ kind: 'file', path, mode: 0o644, content: bytesContent(bytes) }));
      const first = await readFile(await write(entries));
      expect(first.length).toBe(tarContent(entries).sizeBytes);
      expect((await readFile(await write(entries))).equals(first)).toBe(true);
      for (const [path, bytes] of Object.entries(contents)) {
        const { stdout } = await runProgram('sh', ['-c', 'tar -xOf archive.tar "$1" | od -An -v -tx1 | tr -d " \\n"', 'sh', path], { cwd: dir });
        expect(stdout).toBe(Buffer.from(bytes).toString('hex'));
      }
    }),
    { numRuns: 25 },
  );
}, 30_000);

it('fails if a file changes its size while it is archived', async () => {
  const source = join(dir, 'source');
  await writeFile(source, 'long');
  const content = await fileContent(source);
  await writeFile(source, 'longer');
  await expect(write([{ kind: 'file', path: 'f', mode: 0o644, content }])).rejects.toThrow('6 bytes where 4 were announced');
});

it('refuses what ustar cannot hold', async () => {
  await expect(write([text('x'.repeat(101), '')])).rejects.toThrow('longer than');
});
