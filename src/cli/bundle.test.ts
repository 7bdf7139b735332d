import { describe, expect, it } from 'vitest';
import type { BundleChoice } from '../app/bundle-artifacts.ts';
import { artifactBundleJson, artifactBundleSchema } from '../contract/artifact-bundle.ts';
import { parseSource, sourceWords } from './parse-source.ts';
import { runOnBench } from './testing/cli-bench.ts';
import type { Verbs } from './verbs.ts';

function bundling(): { readonly asked: BundleChoice[]; readonly verbs: Partial<Verbs> } {
  const asked: BundleChoice[] = [];
  const bundleArtifacts = async (choice: BundleChoice) => {
    asked.push(choice);
    const artifacts = [{ name: 'kubeadm', version: '1.36.3', sha256: 'a', sizeBytes: 70_500_000 }];
    return artifactBundleJson({ directory: '/b', kubernetes: '1.36.3', architecture: 'amd64', source: 'go', artifacts });
  };
  return { asked, verbs: { artifacts: async () => ({ bundleArtifacts }) as unknown as Awaited<ReturnType<Verbs['artifacts']>> } };
}

describe('artifacts bundle', () => {
  it('makes one and says how to deploy from it', async () => {
    const { asked, verbs } = bundling();
    expect(await runOnBench(['artifacts', 'bundle', '-o', 'b', '--link', '--no-packages'], { verbs })).toMatchObject({
      exitCode: 0,
      stdout: '/b: 1 artifact for Kubernetes 1.36.3 on amd64 from source go, 70.5 MB\nnext:\n  kubewright apply --source bundle:/b\n',
    });
    expect(asked).toEqual([{ directory: 'b', file: undefined, kubernetes: undefined, source: undefined, isLinked: true, withPackages: false }]);
  });

  it('answers as JSON', async () => {
    const { stdout } = await runOnBench(['artifacts', 'bundle', '--out', 'b', '--output', 'json'], bundling());
    expect(artifactBundleSchema.parse(JSON.parse(stdout)).sizeBytes).toBe(70_500_000);
  });

  it('takes -o json for the slip of the finger that it is', async () => {
    const { exitCode, stdout } = await runOnBench(['artifacts', 'bundle', '-o', 'json'], bundling());
    expect({ exitCode, said: JSON.parse(stdout) as object }).toMatchObject({
      exitCode: 2,
      said: { error: { message: expect.stringContaining('for such a folder ./json') as string } },
    });
  });

  it.each([
    ['-o b -f c.yaml --kubernetes 1.36.3', 'exclude each other'],
    ['--link', '--out'],
  ])('refuses %s', async (line, said) => {
    expect(await runOnBench(['artifacts', 'bundle', ...line.split(' ')], bundling())).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) as string });
  });
});

describe('--source', () => {
  it.each(['go', 'upstream', 'bundle:/mnt/b', 'bundle:b:c'])('takes %s', (word) => expect(sourceWords(parseSource(word))).toBe(word));
  it.each(['', 'bundle', 'bundle:', 'Go', '/mnt/b'])('does not take %j', (word) => expect(() => parseSource(word)).toThrow('it is not go, upstream'));
});
