import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { artifactFileName, clusterArtifacts } from '../artifacts/artifact.ts';
import type { MakerName } from '../artifacts/maker.ts';
import { makerGraph, releaseFrom } from '../artifacts/maker.ts';
import { release } from '../catalogue/catalogue.ts';
import { chooseMaker } from './choose-maker.ts';

const known = release('1.36.3');
let root = '';
let asked = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'choose-'));
  asked = 0;
});
afterEach(() => rm(root, { recursive: true }));

async function fill(maker: MakerName, names = clusterArtifacts): Promise<void> {
  const { dirOf } = makerGraph(maker, releaseFrom(maker, known), { root });
  for (const name of names) {
    const file = artifactFileName(name);
    await mkdir(dirOf(name), { recursive: true });
    await writeFile(join(dirOf(name), file), 'x');
    await writeFile(join(dirOf(name), 'manifest.json'), JSON.stringify({ name, version: '1', file, sha256: 'x', sizeBytes: 1 }));
  }
}

const choose = (answers: boolean) =>
  chooseMaker(known, {
    signal: new AbortController().signal,
    root,
    isReachable: async () => {
      asked += 1;
      return answers;
    },
  });

it.each<{ readonly what: string; readonly filled: readonly MakerName[]; readonly answers: boolean; readonly maker: MakerName; readonly questions: number }>([
  { what: 'what the cache has all, without asking the network', filled: ['go'], answers: true, maker: 'go', questions: 0 },
  { what: 'upstream, where the cache has all of that', filled: ['upstream'], answers: false, maker: 'upstream', questions: 0 },
  { what: 'what was built, where it has both', filled: ['upstream', 'go'], answers: true, maker: 'go', questions: 0 },
  { what: 'upstream, where it answers', filled: [], answers: true, maker: 'upstream', questions: 1 },
  { what: 'Go modules, where it does not', filled: [], answers: false, maker: 'go', questions: 1 },
])('takes $what', async ({ filled, answers, maker, questions }) => {
  for (const each of filled) await fill(each);
  expect(await choose(answers)).toMatchObject({ maker });
  expect(asked).toBe(questions);
});

it('does not take half a cache for a whole one', async () => {
  await fill('go', clusterArtifacts.slice(1));
  expect(await choose(true)).toEqual({ maker: 'upstream', why: 'its servers answer from here' });
});
