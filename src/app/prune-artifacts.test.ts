import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allArtifacts } from '../artifacts/artifact.ts';
import { listArtifacts } from '../artifacts/inspect-artifacts.ts';
import { knownVersions, release } from '../catalogue/catalogue.ts';
import { rootfsId } from '../lab/rootfs.ts';
import { findUnusedArtifacts, removeUnusedArtifacts } from './prune-artifacts.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'prune-'));
});
afterAll(() => rm(root, { recursive: true }));

it('keeps every artifact of every release, and what labs are made of', async () => {
  const used = (await Promise.all(knownVersions().map((version) => listArtifacts(release(version), allArtifacts, { cacheDir: root })))).flat().map(({ dir }) => dir);
  for (const dir of [...used, join(root, 'entries', rootfsId()), join(root, 'entries', 'kubeadm-1.30.0-linux-amd64-0123456789ab')]) await mkdir(dir, { recursive: true });
  const unused = await findUnusedArtifacts(root);
  expect(unused.map(({ id }) => id)).toEqual(['kubeadm-1.30.0-linux-amd64-0123456789ab']);
  const { removed, sizeBytes } = await removeUnusedArtifacts(unused, root);
  expect({ removed, sizeBytes }).toEqual({ removed: unused, sizeBytes: unused[0]?.sizeBytes });
  expect(await readdir(join(root, 'entries'))).toHaveLength(new Set(used).size + 1);
});
