import { mkdtemp, readFile, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AppError } from '../errors/app-error.ts';
import type { Host } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { compareStrings } from '../util/canonical-json.ts';
import { adminKubeconfig, checkKubeconfigPath, writeKubeconfig } from './kubeconfig.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';

const KEY = 'c2VjcmV0LWtleQ==';
const ADMIN_CONF = `apiVersion: v1
clusters:
- cluster: { certificate-authority-data: Y2E=, server: "https://api.demo.kubewright.internal:7443" }
  name: demo
users:
- name: kubernetes-admin
  user: { client-certificate-data: Y2VydA==, client-key-data: ${KEY} }
`;

/** A host for each control plane, answering as given; what is missing is not ready. */
function ask(answers: Readonly<Record<string, (script: string) => string>>) {
  const hosts = demoCluster.nodes.map(({ name }): readonly [ReturnType<typeof laneId>, Host] => [laneId(name), readingHost(name, answers[name] ?? (() => ''))]);
  return adminKubeconfig({ cluster: demoCluster, fleet: new Map(hosts), signal: new AbortController().signal });
}

const unreachable = (): never => {
  throw new AppError('host-unreachable', 'no route');
};

describe('adminKubeconfig', () => {
  it('names a healthy control plane by its address and the endpoint by its name', async () => {
    const { node, text } = await ask({ 'cp-1': unreachable, 'cp-2': () => ADMIN_CONF });
    expect(node).toBe('cp-2');
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'demo', cluster: { server: 'https://10.0.0.12:6443', 'tls-server-name': 'api.demo.kubewright.internal', 'certificate-authority-data': 'Y2E=' } }],
      users: [{ name: 'demo-admin', user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': KEY } }],
      contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo-admin' } }],
      'current-context': 'demo',
    });
  });

  it('asks each control plane by its own address, and no worker', async () => {
    const scripts: string[] = [];
    const note = (script: string): string => {
      scripts.push(script);
      return ADMIN_CONF;
    };
    await ask({ 'cp-1': note, 'cp-2': note, 'cp-3': note, 'w-1': note });
    expect(scripts.map((script) => /--server (\S+)/.exec(script)?.[1] ?? '').sort(compareStrings)).toEqual([
      'https://10.0.0.11:6443',
      'https://10.0.0.12:6443',
      'https://10.0.0.13:6443',
    ]);
  });

  it('says why none serves', () =>
    expect(ask({ 'cp-1': unreachable })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      details: [
        'no route',
        expect.stringContaining('  next: '),
        'the API server of cp-2 is not ready at https://10.0.0.12:6443',
        'the API server of cp-3 is not ready at https://10.0.0.13:6443',
      ],
    }));

  it('never shows what it could not read', async () => {
    const error: unknown = await ask({ 'cp-1': () => `users: [${KEY}` }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'cluster-unreachable' });
    expect(JSON.stringify([error, (error as AppError).details, (error as Error).cause])).not.toContain(KEY);
  });
});

describe('checkKubeconfigPath', () => {
  it('takes a new file and one that is there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    await expect(checkKubeconfigPath(join(directory, 'new'))).resolves.toBeUndefined();
    await writeKubeconfig(join(directory, 'old'), 'x');
    await expect(checkKubeconfigPath(join(directory, 'old'))).resolves.toBeUndefined();
  });

  it.each(['/nowhere/at/all/config', '/dev/null/config', tmpdir()])('refuses %s', (path) =>
    expect(checkKubeconfigPath(path)).rejects.toMatchObject({ code: 'local-file', message: expect.stringContaining(path) as string }),
  );
});

describe('writeKubeconfig', () => {
  it('writes what its owner alone can read, over what was there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const path = join(directory, 'config');
    await writeKubeconfig(path, 'old');
    await writeKubeconfig(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['config']);
  });

  it('tells where it could not write', () =>
    expect(writeKubeconfig('/nowhere/at/all/config', 'x')).rejects.toMatchObject({
      code: 'local-file',
      message: 'the kubeconfig cannot be written to /nowhere/at/all/config: there is no folder /nowhere/at/all',
    }));
});
