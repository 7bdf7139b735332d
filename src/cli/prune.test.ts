import { describe, expect, it } from 'vitest';
import { artifactPruneJson, artifactPruneSchema } from '../contract/artifact-prune.ts';
import { runOnBench } from './testing/cli-bench.ts';
import type { Verbs } from './verbs.ts';

const entry = (id: string, sizeBytes: number) => ({ id, path: `/cache/entries/${id}`, sizeBytes });
const OLD = [entry('kubeadm-1.30.0', 70_000_000), entry('etcd-3.5.0', 30_500_000)];

/** A cache with these entries to remove; notes what is removed. */
function cache(unused = OLD): { readonly removed: string[]; readonly verbs: Partial<Verbs> } {
  const removed: string[] = [];
  const artifacts = {
    findUnusedArtifacts: async () => unused,
    removeUnusedArtifacts: async (entries: typeof OLD) => {
      removed.push(...entries.map(({ id }) => id));
      return artifactPruneJson(entries);
    },
  };
  return { removed, verbs: { artifacts: async () => artifacts as unknown as Awaited<ReturnType<Verbs['artifacts']>> } };
}

describe('artifacts prune', () => {
  it('shows what and how much, asks, and removes it', async () => {
    const { removed, verbs } = cache();
    const { exitCode, stdout, asked } = await runOnBench(['artifacts', 'prune'], { verbs, isTerminal: true, agrees: true });
    expect({ exitCode, asked, removed }).toEqual({ exitCode: 0, asked: ['Remove 100.5 MB?'], removed: ['kubeadm-1.30.0', 'etcd-3.5.0'] });
    expect(stdout).toContain('etcd-3.5.0      30.5 MB\nremoved 2 entries, 100.5 MB\n');
  });

  it('removes nothing when it is not agreed to, or nobody can be asked', async () => {
    const { removed, verbs } = cache();
    expect(await runOnBench(['artifacts', 'prune'], { verbs, isTerminal: true })).toMatchObject({
      exitCode: 130,
      stdout: expect.stringContaining('nothing was removed') as string,
    });
    expect(await runOnBench(['artifacts', 'prune'], { verbs })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('run it with --yes') as string });
    expect(await runOnBench(['artifacts', 'prune', '-o', 'json'], { verbs, isTerminal: true })).toMatchObject({ exitCode: 2 });
    expect(removed).toEqual([]);
  });

  it('does not ask with --yes, nor for nothing', async () => {
    const { verbs } = cache();
    const json = await runOnBench(['artifacts', 'prune', '--yes', '-o', 'json'], { verbs });
    expect(artifactPruneSchema.parse(JSON.parse(json.stdout))).toEqual(artifactPruneJson(OLD));
    expect(await runOnBench(['artifacts', 'prune'], { verbs: cache([]).verbs })).toMatchObject({ exitCode: 0, stdout: 'nothing to remove\n', asked: [] });
  });
});
