import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { release } from '../catalogue/catalogue.ts';
import { artifactLockSchema } from '../contract/artifact-lock.ts';
import { sha256 } from '../util/sha256.ts';
import { lockOf, lookForLock, readLock, refuseDifferences, underLock, writeLock } from './artifact-lock.ts';
import type { ArtifactSource } from './artifact-source.ts';
import { sourceAtHand } from './artifact-source.ts';

let root = '';
let clusterFile = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lock-'));
  clusterFile = join(root, 'prod.yaml');
  await writeFile(clusterFile, 'x');
});
afterEach(() => rm(root, { recursive: true }));

const made = (of: (name: string) => string): ReadonlyMap<Artifact['name'], Artifact> =>
  new Map(clusterArtifacts.map((name) => [name, { name, version: '1', path: `/cache/${name}`, sha256: sha256(of(name)), sizeBytes: 1 }]));
const first = made((name) => name);
const others = made((name) => (name === 'runc' ? 'another' : name));
const source = (artifacts: ReadonlyMap<Artifact['name'], Artifact>, change: Partial<ArtifactSource> = {}): ArtifactSource => ({
  ...sourceAtHand(release('1.36.3'), artifacts),
  ...change,
});
const lock = lockOf(source(first), first);

describe('the lock file', () => {
  it('lies beside its cluster file, and is read as it was written', async () => {
    const file = await readLock(clusterFile);
    expect(file).toEqual({ path: join(root, 'prod.lock'), lock: undefined });
    await writeLock(file?.path ?? '', lock);
    expect(await readLock(clusterFile)).toEqual({ path: join(root, 'prod.lock'), lock });
    expect(artifactLockSchema.parse(JSON.parse(await readFile(join(root, 'prod.lock'), 'utf8'))).artifacts.map(({ name }) => name)).toEqual(clusterArtifacts);
    expect(await readdir(root)).toEqual(['prod.lock', 'prod.yaml']);
  });

  it('of a cluster file that ends so itself is another file', async () => {
    await writeFile(join(root, 'x.lock'), 'x');
    expect((await readLock(join(root, 'x.lock')))?.path).toBe(join(root, 'x.lock.lock'));
  });

  it('is not looked for beside what is no file', async () => expect(await readLock('/dev/null')).toBeUndefined());

  it.each(['{', '{}', 'apiVersion: x'])('that holds %j is refused with what to do', async (text) => {
    await writeFile(join(root, 'prod.lock'), text);
    await expect(readLock(clusterFile)).rejects.toMatchObject({ code: 'lock-unfit', exitCode: 5, hint: expect.stringContaining('version control') as string });
    expect(await lookForLock(clusterFile)).toEqual({ path: join(root, 'prod.lock'), lock: undefined, isDamaged: true });
  });
});

describe('a source under a lock', () => {
  const refuse = refuseDifferences({ path: 'prod.lock', lock }, 'prod.yaml');

  it('gives what the lock names', async () => expect(await underLock(source(first), lock, refuse).obtain()).toBe(first));

  it('refuses other bytes for a run that changes machines, with what differs and both ways out', async () => {
    await expect(underLock(source(others), lock, refuse).obtain()).rejects.toMatchObject({
      code: 'lock-unfit',
      message: '1 thing is not as prod.lock has it; no machine was changed',
      details: [expect.stringContaining(`runc: the lock has sha256 ${sha256('runc')}, now it is ${sha256('another')}`)],
      hint: expect.stringMatching(/--source bundle:DIR.*artifacts lock --update -f prod\.yaml/) as string,
    });
  });

  it('says it for a plan that is only shown, and goes on', async () => {
    const said: string[] = [];
    expect(await underLock(source(others), lock, (lines) => said.push(...lines)).obtain()).toBe(others);
    expect(said).toHaveLength(1);
  });

  it('refuses another recipe before anything is made', async () => {
    const recipes = new Map([['runc', 'r2']]);
    const locked = { ...lock, artifacts: lock.artifacts.map((artifact) => ({ ...artifact, recipe: 'r1' })) };
    const missing = source(first, { recipes, countMissing: async () => 3, obtain: () => Promise.reject(new Error('it was made')) });
    await expect(underLock(missing, locked, refuse).countMissing()).rejects.toMatchObject({ details: ['runc: this version of kubewright makes it another way'] });
  });
});
