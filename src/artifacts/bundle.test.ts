import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../util/sha256.ts';
import type { Artifact, ArtifactName } from './artifact.ts';
import { readIndex } from './bundle-index.ts';
import { checkIndex, readBundle } from './read-bundle.ts';
import { writeBundle } from './write-bundle.ts';

const never = new AbortController().signal;
const names: readonly ArtifactName[] = ['kubeadm', 'cni-bridge', 'images-node'];
const image = { name: 'registry.k8s.io/pause:3.10.2', digest: `sha256:${sha256('pause')}` };
const use = { kubernetes: '1.36.3', architecture: 'amd64', names };
let root = '';
let directory = '';
let artifacts: readonly Artifact[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bundle-'));
  directory = join(root, 'bundle');
  artifacts = await Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      await writeFile(path, `bytes of ${name}`);
      return { name, version: '1.0', path, sha256: sha256(`bytes of ${name}`), sizeBytes: `bytes of ${name}`.length, ...(name === 'images-node' && { images: [image] }) };
    }),
  );
});
afterEach(() => rm(root, { recursive: true }));

async function write(isLinked = false, kubernetes = '1.36.3'): Promise<readonly string[]> {
  const lines: string[] = [];
  await writeBundle({ kubernetes, architecture: 'amd64', source: 'go', artifacts, directory, isLinked }, { signal: never, onProgress: (line) => lines.push(line) });
  return lines;
}

const read = async () => readBundle(directory, await readIndex(directory), names, never);
const at = (name: string): string => join(directory, 'files', name);

describe('a bundle', () => {
  it('gives back what was put into it, under the names that programs have on hosts', async () => {
    await write();
    checkIndex(directory, await readIndex(directory), use);
    const found = await read();
    expect([...found.values()].map(({ path: _path, ...rest }) => rest)).toEqual(artifacts.map(({ path: _path, ...rest }) => rest));
    expect(found.get('cni-bridge')?.path).toBe(at('cni-bridge/bridge'));
  });

  it('is of the same bytes when it is made again, and nothing is put there twice', async () => {
    expect(await write()).toHaveLength(3);
    const before = await tree();
    expect(await write()).toEqual([]);
    expect(await tree()).toEqual(before);
    await rm(directory, { recursive: true });
    await write();
    expect((await tree()).map(([path, text]) => [path, text])).toEqual(before);
  });

  it('is checked by sha256sum alone, too', async () => {
    await write();
    expect(execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: directory, encoding: 'utf8' })).toBe('');
  });

  it('of links takes no room', async () => {
    await write(true);
    expect((await stat(at('kubeadm/kubeadm'))).ino).toBe((await stat(join(root, 'kubeadm'))).ino);
    expect((await read()).size).toBe(3);
  });

  it('that was interrupted is none until it is completed, and keeps what was right', async () => {
    await write();
    await rm(join(directory, 'kubewright-bundle.json'));
    await writeFile(at('images-node/images-node.tar.new'), 'half');
    await rm(at('images-node/images-node.tar'));
    await expect(read()).rejects.toMatchObject({
      code: 'bundle-unfit',
      message: `there is no bundle in ${directory}: the folder has no kubewright-bundle.json`,
      hint: expect.stringContaining('completed') as string,
    });
    expect(await write()).toEqual(['images-node: put into the bundle']);
    expect((await read()).size).toBe(3);
  });

  it('has no index while other bytes are put into it', async () => {
    await write();
    await appendFile(artifacts[0]!.path, ' rotten');
    artifacts = artifacts.map((artifact) => (artifact.name === 'kubeadm' ? { ...artifact, sha256: sha256('bytes of another kubeadm') } : artifact));
    await expect(write()).rejects.toMatchObject({ code: 'artifact-failed', message: expect.stringContaining(sha256('bytes of kubeadm rotten')) as string });
    expect(await readdir(directory)).not.toContain('kubewright-bundle.json');
  });

  it('is not made among the files of somebody else', async () => {
    await mkdir(directory);
    await writeFile(join(directory, 'thesis.tex'), '');
    await expect(write()).rejects.toMatchObject({ code: 'local-file', message: expect.stringContaining('thesis.tex') as string });
    expect(await readdir(directory)).toEqual(['thesis.tex']);
  });

  it('is not made in the place of a file', async () => {
    await writeFile(directory, 'mine');
    await expect(write()).rejects.toMatchObject({ code: 'local-file', message: `no bundle can be made in ${directory}: file already exists` });
    for (directory of ['/proc/bundle', '/proc/a/bundle'])
      await expect(write()).rejects.toMatchObject({ code: 'local-file', message: `no bundle can be made in ${directory}: no such file or directory` });
    directory = join(root, 'a/b/c');
    expect(await write()).toHaveLength(3);
  });

  it('is not made in the place of one for another release', async () => {
    await write();
    await expect(write(false, '1.99.0')).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('holds a bundle for Kubernetes') as string });
    expect((await read()).size).toBe(3);
  });
});

it.each([
  ['a folder that is not there', '/nowhere/bundle', 'there is no folder /nowhere/bundle'],
  ['a file', '/dev/null', 'kubewright-bundle.json cannot be read: not a directory'],
])('%s is no bundle, and what to name is said', async (_what, path, why) => {
  await expect(readIndex(path)).rejects.toMatchObject({
    code: 'bundle-unfit',
    message: `there is no bundle in ${path}: ${why}`,
    hint: expect.stringContaining('name the folder that kubewright artifacts bundle -o DIR made') as string,
  });
});

describe('a bundle that is not right is refused by name', () => {
  beforeEach(async () => void (await write()));

  it('for every file that is damaged, cut short or missing, all at once', async () => {
    await writeFile(at('kubeadm/kubeadm'), 'bytes of kubeadn');
    await writeFile(at('cni-bridge/bridge'), 'bytes');
    await rm(at('images-node/images-node.tar'));
    await expect(read()).rejects.toMatchObject({
      code: 'bundle-unfit',
      exitCode: 5,
      message: expect.stringContaining('3 files') as string,
      hint: expect.stringContaining('copy the file again') as string,
      details: [
        `${at('kubeadm/kubeadm')}: it has sha256 ${sha256('bytes of kubeadn')}, the index says ${sha256('bytes of kubeadm')}`,
        `${at('cni-bridge/bridge')}: it has 5 bytes, the index says 19`,
        expect.stringContaining(`${at('images-node/images-node.tar')}: it cannot be read: no such file or directory`) as string,
      ],
    });
  });

  it.each([
    ['for another Kubernetes', { ...use, kubernetes: '1.37.2' }, 'is for Kubernetes 1.36.3'],
    ['for another processor', { ...use, architecture: 'arm64' }, 'is for amd64, this machine is arm64'],
    ['without what is needed', { ...use, names: [...names, 'kubelet' as const] }, 'lacks kubelet'],
  ])('%s', async (_what, wanted, message) => {
    const index = await readIndex(directory);
    expect(() => checkIndex(directory, index, wanted)).toThrow(message);
  });

  it.each([
    ['is torn', '{'],
    ['is of a later form', '{"kind":"ArtifactBundle","form":2}'],
    ['names a path', '"name": "../../etc"'],
    ['has no digest', '"sha256": "x"'],
  ])('where its index %s', async (_how, part) => {
    const path = join(directory, 'kubewright-bundle.json');
    const key = part.split(':')[0] ?? '';
    const whole = await readFile(path, 'utf8');
    await writeFile(path, part.startsWith('{') ? part : whole.replace(new RegExp(`${key}: "[^"]*"`), part));
    await expect(readIndex(directory)).rejects.toMatchObject({ code: 'bundle-unfit', message: expect.stringContaining(`${path} is damaged`) as string });
  });
});

async function tree(): Promise<readonly (readonly [path: string, text: string])[]> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (path) => [path, await readFile(path, 'utf8')] as const));
}
