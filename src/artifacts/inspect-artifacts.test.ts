import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { release } from '../catalogue/catalogue.ts';
import { allArtifacts } from './artifact.ts';
import { writeRecord } from './artifact-record.ts';
import { listArtifacts, verifyArtifacts } from './inspect-artifacts.ts';

const known = release('1.36.3');
const never = new AbortController().signal;
let cacheDir: string;

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'kubewright-inspect-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

async function place(content: string): Promise<string> {
  const dir = (await listArtifacts(known, ['cni-bridge'], { cacheDir }))[0]!.dir;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'bridge'), content);
  return dir;
}

it('lists every artifact as absent in an empty cache', async () => {
  const states = await listArtifacts(known, undefined, { cacheDir });
  expect(states.map(({ name }) => name)).toEqual(allArtifacts);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['absent']));
});

it('finds a file that was changed without changing its size, and only by hashing', async () => {
  const dir = await place('program');
  await writeRecord(dir, { name: 'cni-bridge', version: '1.9.1', file: 'bridge' }, never);
  expect(await verifyArtifacts(known, ['cni-bridge'], { cacheDir, signal: never })).toMatchObject([{ state: 'ready', artifact: { sizeBytes: 7 } }]);
  await place('Program');
  expect(await listArtifacts(known, ['cni-bridge'], { cacheDir })).toMatchObject([{ state: 'ready' }]);
  const [state] = await verifyArtifacts(known, ['cni-bridge'], { cacheDir, signal: never });
  expect(state).toMatchObject({ state: 'damaged', problem: { code: 'artifact-failed', hint: `remove ${dir} and run \`kubewright artifacts ensure\`` } });
});
