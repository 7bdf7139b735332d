import { describe, expect, it } from 'vitest';
import type { MergeResult } from '../app/merge-kubeconfig.ts';
import { AppError } from '../errors/app-error.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const entries = {
  name: 'demo',
  cluster: { server: 'https://10.0.0.12:6443', 'tls-server-name': 'api.demo.kubewright.internal', 'certificate-authority-data': 'Y2E=' },
  user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' },
};

/** A control plane that answers, and files that note what is written to them. */
function bench(merged: Partial<MergeResult> = {}): { readonly written: unknown[]; readonly verbs: Partial<Verbs> } {
  const written: unknown[] = [];
  const kubeconfig: Verbs['kubeconfig'] = async () => ({
    adminKubeconfig: async () => ({ node: 'cp-2', text: 'kind: Config\n', entries }),
    checkKubeconfigPath: async (path) => {
      if (path.startsWith('/nowhere')) throw new AppError('local-file', `cannot be written to ${path}`);
    },
    writeKubeconfig: async (path, text) => void written.push([path, text]),
    mergeKubeconfig: async (own, { path = '/home/ops/.kube/config', context = own.name }) => {
      written.push([path, context]);
      return { path, context, backup: undefined, currentContext: context, ...merged };
    },
  });
  return { written, verbs: { ...plannedWorld().verbs, kubeconfig } };
}

describe('kubeconfig', () => {
  it('goes to stdout, alone', async () => {
    expect(await runOnBench(['kubeconfig'], { verbs: bench().verbs })).toMatchObject({ exitCode: 0, stdout: 'kind: Config\n', stderr: '' });
  });

  it('goes to a file, and says what to do with it', async () => {
    const { written, verbs } = bench();
    const { stdout, stderr } = await runOnBench(['kubeconfig', '--out', 'admin.conf'], { verbs });
    expect(written).toEqual([['admin.conf', 'kind: Config\n']]);
    expect({ stdout, stderr }).toMatchInlineSnapshot(`
      {
        "stderr": "wrote admin.conf, which reaches the cluster through cp-2; next: kubectl --kubeconfig admin.conf get nodes
      ",
        "stdout": "",
      }
    `);
  });

  it('is refused for a file that cannot be written before any machine is asked', async () => {
    const { calls, verbs: opening } = plannedWorld();
    const run = await runOnBench(['kubeconfig', '--out', '/nowhere/x'], { verbs: { ...bench().verbs, ...opening } });
    expect({ exitCode: run.exitCode, calls }).toEqual({ exitCode: 2, calls: [] });
  });

  it("goes into a person's own, and says where the old one is", async () => {
    const { written, verbs } = bench({ backup: '/home/ops/.kube/config.before-kubewright', currentContext: 'work' });
    const { stdout, stderr } = await runOnBench(['kubeconfig', '--merge'], { verbs });
    expect(written).toEqual([['/home/ops/.kube/config', 'demo']]);
    expect({ stdout, stderr }).toMatchInlineSnapshot(`
      {
        "stderr": "context demo in /home/ops/.kube/config reaches the cluster through cp-2
      the file as it was: /home/ops/.kube/config.before-kubewright
      the current context stays work; next: kubectl --context demo get nodes
      ",
        "stdout": "",
      }
    `);
  });

  it('goes into a file that is named, under a name that is chosen', async () => {
    const { written, verbs } = bench();
    const { stderr } = await runOnBench(['kubeconfig', '--merge', 'all.conf', '--context', 'prod'], { verbs });
    expect(written).toEqual([['all.conf', 'prod']]);
    expect(stderr).toBe('context prod in all.conf reaches the cluster through cp-2\nnext: kubectl --kubeconfig all.conf get nodes\n');
  });

  it.each([
    ['--out a --merge b', '--out writes a file of its own'],
    ['--context prod', '--context names the entry'],
  ])('refuses %s before anything is asked', async (flags, message) => {
    expect(await runOnBench(['kubeconfig', ...flags.split(' ')])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) as string });
  });
});
