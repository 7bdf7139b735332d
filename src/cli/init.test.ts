import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newClusterFile } from '../app/init-cluster-file.ts';
import { runOnBench } from './testing/cli-bench.ts';
import type { Verbs } from './verbs.ts';

interface Written {
  readonly path: string;
  readonly text: string;
  readonly force: boolean;
}

/** The real text, and a file system that notes. */
function bench(): { readonly written: Written[]; readonly verbs: Partial<Verbs> } {
  const written: Written[] = [];
  return { written, verbs: { init: async () => ({ newClusterFile, writeClusterFile: async (path, text, { force }) => void written.push({ path, text, force }) }) } };
}

const THREE = '--control-plane 10.0.0.11,10.0.0.12 --control-plane c=10.0.0.13'.split(' ');

describe('init', () => {
  it('writes what the flags say, and says what comes next', async () => {
    const { written, verbs } = bench();
    const flags = '--name prod --worker 10.0.0.21 --identity-file ~/.ssh/key --pod-cidr 10.64.0.0/16 --service-cidr 10.65.0.0/16 --kubernetes-version 1.36.3'.split(' ');
    const { exitCode, stdout, stderr } = await runOnBench(['init', ...THREE, ...flags], { verbs });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: 'wrote cluster.yaml; next: kubewright plan\n' });
    expect(written).toMatchObject([{ path: 'cluster.yaml', force: false }]);
    expect(parse(written[0]?.text ?? '')).toMatchObject({
      metadata: { name: 'prod' },
      spec: {
        network: { podCIDR: '10.64.0.0/16', serviceCIDR: '10.65.0.0/16' },
        ssh: { user: 'root', identityFile: '~/.ssh/key' },
        nodes: [{ name: 'cp-1' }, { name: 'cp-2' }, { name: 'c' }, { name: 'w-1' }],
      },
    });
  });

  it('names the file that it wrote in what comes next', async () => {
    const { written, verbs } = bench();
    expect((await runOnBench(['init', ...THREE, '--out', 'prod.yaml', '--force'], { verbs })).stderr).toBe('wrote prod.yaml; next: kubewright plan -f prod.yaml\n');
    expect(written).toMatchObject([{ path: 'prod.yaml', force: true }]);
  });

  it('sends nobody to machines that are examples', async () => {
    const { verbs } = bench();
    expect((await runOnBench(['init'], { verbs })).stderr).toContain('wrote cluster.yaml; next: your machines in it, then kubewright plan\n');
  });

  it('prints nothing but the file to standard output', async () => {
    const { written, verbs } = bench();
    const { stdout, stderr } = await runOnBench(['init', ...THREE, '--out', '-'], { verbs });
    expect(parse(stdout)).toMatchObject({ kind: 'Cluster' });
    expect({ stderr, written }).toEqual({ stderr: '', written: [] });
  });

  it('writes nothing for flags that make no valid file', async () => {
    const { written, verbs } = bench();
    const { exitCode, stderr } = await runOnBench(['init', '--worker', '10.0.0.21'], { verbs });
    expect({ exitCode, written }).toEqual({ exitCode: 2, written: [] });
    expect(stderr).toMatchInlineSnapshot(`
      "error: no valid cluster file can be made of this [usage]
        none of the 1 nodes is a control plane
          why: a cluster is run by its control planes
          fix: give at least one node role: control-plane
      next: see kubewright init --help
      "
    `);
  });
});

it('schema prints the JSON Schema', async () => {
  const { exitCode, stdout, stderr } = await runOnBench(['schema'], { verbs: { schema: () => import('../app/cluster-file-schema.ts') } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('json-schema.org') as string, required: ['apiVersion', 'kind', 'metadata', 'spec'] });
});
