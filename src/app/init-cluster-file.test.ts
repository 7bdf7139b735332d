import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { InitRequest } from './init-cluster-file.ts';
import { newClusterFile, writeClusterFile } from './init-cluster-file.ts';

const nobody: InitRequest = { name: 'demo', user: 'root', controlPlanes: [], workers: [] };

/** `name address role` of every node. */
function nodesOf(request: Partial<InitRequest>): readonly string[] {
  const { spec } = parse(newClusterFile({ ...nobody, ...request }).text) as { spec: { nodes: readonly Record<'name' | 'address' | 'role', string>[] } };
  return spec.nodes.map(({ name, address, role }) => `${name} ${address} ${role}`);
}

describe('newClusterFile', () => {
  it('numbers nodes without a name, around the names that are given', () => {
    expect(nodesOf({ controlPlanes: ['10.0.0.11', 'cp-1=10.0.0.12', '10.0.0.13'], workers: ['10.0.0.21', 'big=10.0.0.22'] })).toEqual([
      'cp-2 10.0.0.11 control-plane',
      'cp-1 10.0.0.12 control-plane',
      'cp-3 10.0.0.13 control-plane',
      'w-1 10.0.0.21 worker',
      'big 10.0.0.22 worker',
    ]);
  });

  it('has examples without any node, and says so', () => {
    const { text, warnings } = newClusterFile(nobody);
    expect(text).toContain('{ name: cp-3, address: 10.0.0.13, role: control-plane }');
    expect(warnings).toEqual([expect.stringContaining('the nodes are examples')]);
  });

  it('warns of what is unwise', () => {
    expect(newClusterFile({ ...nobody, controlPlanes: ['10.0.0.11', '10.0.0.12'] }).warnings).toEqual(expect.arrayContaining([expect.stringContaining('[control-planes-even]')]));
    expect(newClusterFile({ ...nobody, controlPlanes: ['10.0.0.11'] }).warnings).toEqual([]);
  });

  it.each<[Partial<InitRequest>, string]>([
    [{ name: 'Demo_1' }, 'name "Demo_1"'],
    [{ controlPlanes: ['10.0.0.300'] }, 'address "10.0.0.300"'],
    [{ controlPlanes: ['a=10.0.0.11', 'a=10.0.0.12'] }, 'name a is that of'],
    [{ controlPlanes: ['=10.0.0.11'] }, 'name ""'],
    [{ workers: ['10.0.0.21'] }, 'none of the 1 nodes is a control plane'],
    [{ controlPlanes: ['10.0.0.11'], podCIDR: '10.0.0.0/16' }, '10.0.0.11'],
    [{ kubernetesVersion: '1.20.0' }, 'Kubernetes 1.20.0 is not known'],
  ])('refuses %j, saying why and what to write', (change, message) => {
    const make = (): unknown => newClusterFile({ ...nobody, ...change });
    const lines = (pattern: RegExp | string): unknown => expect.arrayContaining([expect.stringMatching(pattern)]);
    expect(make).toThrow(expect.objectContaining({ code: 'usage', details: expect.arrayContaining([expect.stringContaining(message)]) as unknown }) as Error);
    expect(make).toThrow(expect.objectContaining({ details: lines(/^ {2}why: ./) }) as Error);
    expect(make).toThrow(expect.objectContaining({ details: lines(/^ {2}fix: ./) }) as Error);
  });
});

describe('writeClusterFile', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cluster-file-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('writes over nothing unless it is forced, and leaves nothing else', async () => {
    const path = join(directory, 'cluster.yaml');
    await writeClusterFile(path, 'one', { force: false });
    await expect(writeClusterFile(path, 'two', { force: false })).rejects.toMatchObject({ code: 'refused', hint: expect.stringContaining('--force') as string });
    expect(await readFile(path, 'utf8')).toBe('one');
    await writeClusterFile(path, 'two', { force: true });
    expect(await readFile(path, 'utf8')).toBe('two');
    expect((await stat(path)).mode & 0o111).toBe(0);
    expect(await readdir(directory)).toEqual(['cluster.yaml']);
  });

  it('tells of a folder that is not there, and names the file that was asked for alone', () =>
    expect(writeClusterFile('/nowhere/at/all.yaml', 'x', { force: false })).rejects.toMatchObject({
      code: 'local-file',
      message: 'the cluster file cannot be written to /nowhere/at/all.yaml: there is no folder /nowhere/at',
      hint: 'make the folder with mkdir -p /nowhere/at, or name another file',
    }));

  it('tells of a folder that stands in its place', () =>
    expect(writeClusterFile(`${directory}/`, 'x', { force: false })).rejects.toMatchObject({ message: `the cluster file cannot be written to ${directory}/: it is a folder` }));

  it('tells of what is no folder, and of a folder in its place', async () => {
    await expect(writeClusterFile('/dev/null/all.yaml', 'x', { force: true })).rejects.toMatchObject({
      code: 'local-file',
      message: 'the cluster file cannot be written to /dev/null/all.yaml: not a directory',
    });
    await expect(writeClusterFile(directory, 'x', { force: true })).rejects.toMatchObject({ code: 'local-file', message: expect.not.stringMatching(/\.[0-9a-f]{8}-/) as string });
  });
});
