import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runProgram } from '../process/run-program.ts';
import { sha256 } from '../util/sha256.ts';
import type { Image } from './oci-image.ts';
import { image, imageArchive, layer } from './oci-image.ts';
import type { TarEntry } from './tar.ts';
import { bytesContent } from './tar.ts';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kubewright-oci-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const program = (path: string, text: string): TarEntry => ({ kind: 'file', path, mode: 0o755, content: bytesContent(Buffer.from(text)) });

async function twoImages(): Promise<readonly Image[]> {
  const base = await layer([program('bin/cp', 'cp')]);
  const config = { architecture: 'amd64', entrypoint: ['/a'] };
  return [
    await image({ ...config, name: 'example.test/a:v1' }, [base, await layer([program('usr/local/bin/a', 'a')])]),
    await image({ ...config, name: 'example.test/b:v2', command: ['x'], user: '65535:65535' }, [base, await layer([program('b', 'b')])]),
  ];
}

async function unpack(images: readonly Image[]): Promise<void> {
  await pipeline(imageArchive(images).read(), createWriteStream(join(dir, 'images.tar')));
  await runProgram('tar', ['-xf', 'images.tar'], { cwd: dir });
}

const blobText = (digest: string): Promise<Buffer> => readFile(join(dir, 'blobs', digest.replace(':', '/')));

it('holds every blob under its true digest, with its size, and a shared layer once', async () => {
  await unpack(await twoImages());
  const index = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
  const layers = new Set<string>();
  for (const one of index.manifests) {
    const manifest = JSON.parse((await blobText(one.digest)).toString()) as { config: Descriptor; layers: Descriptor[] };
    for (const { digest, size } of [one, manifest.config, ...manifest.layers]) {
      const bytes = await blobText(digest);
      expect([`sha256:${sha256(bytes)}`, bytes.length]).toEqual([digest, size]);
    }
    manifest.layers.forEach(({ digest }) => layers.add(digest));
  }
  expect(layers.size).toBe(3);
  expect(index.manifests.map((one) => one.annotations?.['io.containerd.image.name'])).toEqual(['example.test/a:v1', 'example.test/b:v2']);
});

it('makes layers that hold the directories above each file', async () => {
  const made = await layer([program('usr/local/bin/a', 'a')]);
  await pipeline(made.content.read(), createWriteStream(join(dir, 'layer.tar')));
  const { stdout } = await runProgram('tar', ['-tf', join(dir, 'layer.tar')]);
  expect(stdout.trim().split('\n')).toEqual(['usr/', 'usr/local/', 'usr/local/bin/', 'usr/local/bin/a']);
});

it('is the same whatever the order of entries, and whenever it is made', async () => {
  const [a, b] = [program('a', 'a'), program('b', 'b')];
  expect((await layer([a, b])).digest).toBe((await layer([b, a])).digest);
  const digests = async () => (await twoImages()).map(({ manifest }) => manifest.digest);
  expect(await digests()).toEqual(await digests());
});
