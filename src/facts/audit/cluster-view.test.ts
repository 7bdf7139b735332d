import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encoded, recorded } from '../testing/recorded-answers.ts';
import { clusterAccess } from './cluster-access.ts';
import { clusterViewScript } from './cluster-view-script.ts';
import type { ComponentProcess } from './machine-facts.ts';
import { parseClusterView } from './parse-cluster-view.ts';
import type { Discovered } from './parse-discovered.ts';

const STARTS_MS = 60_000;

function process(component: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ComponentProcess {
  return { component, pid: 7, startTicks: 1, args: [component, ...args], environment, unit: '' };
}

function found(...processes: readonly ComponentProcess[]): Discovered {
  return { processes, manifests: [] } as unknown as Discovered;
}

const ETCD_FLAGS = ['--etcd-cafile=/e/ca', '--etcd-certfile=/e/crt', '--etcd-keyfile=/e/key', '--etcd-servers=https://10.0.0.1:2379,https://10.0.0.2:2379'];

describe('clusterAccess', () => {
  it('asks the API server beside it, whatever the kubeconfig names', () =>
    expect(clusterAccess(found(process('kube-apiserver', ['--secure-port=7000']), process('kubelet', ['--kubeconfig=/x/kubelet.conf'])))).toEqual({
      server: 'https://127.0.0.1:7000',
      kubeconfigs: ['/x/admin.conf', '/x/super-admin.conf', '/etc/kubernetes/admin.conf', '/etc/kubernetes/super-admin.conf', '/root/.kube/config'],
      etcd: undefined,
    }));

  it.each([
    ['::', 'https://127.0.0.1:6443'],
    ['10.0.0.1', 'https://10.0.0.1:6443'],
    ['fd00::1', 'https://[fd00::1]:6443'],
  ])('reaches one that is bound to %s at %s', (bound, server) => expect(clusterAccess(found(process('kube-apiserver', [`--bind-address=${bound}`])))?.server).toBe(server));

  it('asks the member beside it with the credentials of the API server, as a unit or a static pod', () => {
    const unit = found(process('kube-apiserver', ETCD_FLAGS), process('etcd', [], { ETCD_LISTEN_CLIENT_URLS: 'https://10.0.0.1:2379,https://127.0.0.1:2379' }));
    expect(clusterAccess(unit)?.etcd).toEqual({ endpoints: 'https://127.0.0.1:2379', caFile: '/e/ca', certFile: '/e/crt', keyFile: '/e/key', pid: 7 });
  });

  it('asks external members where none is beside it', () =>
    expect(clusterAccess(found(process('kube-apiserver', ETCD_FLAGS)))?.etcd).toMatchObject({ endpoints: 'https://10.0.0.1:2379,https://10.0.0.2:2379', pid: undefined }));

  it('has no way in where no API server runs', () => expect(clusterAccess(found(process('kubelet', [])))).toBeUndefined());
});

describe('clusterViewScript', () => {
  let root = '';
  const at = (path: string): string => join(root, path);

  function program(path: string, body: string): void {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), `#!/bin/sh\n${body}\n`);
    chmodSync(at(path), 0o755);
  }

  const access = () => ({
    server: 'https://127.0.0.1:6443',
    kubeconfigs: [at('absent.conf'), at('expired.conf'), at('good.conf')],
    etcd: { endpoints: 'https://127.0.0.1:2379', caFile: '/e/ca', certFile: '/e/crt', keyFile: '/e/key', pid: 7 },
  });
  const run = (): string =>
    execFileSync(
      'sh',
      [
        '-c',
        clusterViewScript(access())
          .replaceAll('/run/kubewright', at('run'))
          .replaceAll('/proc/', `${at('proc')}/`)
          .replaceAll('PATH=/usr/local/sbin', `PATH=${at('bin')}:/usr/local/sbin`),
      ],
      { encoding: 'utf8', timeout: STARTS_MS },
    );
  const calls = (): readonly string[] => readFileSync(at('calls'), 'utf8').trim().split('\n');

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'kubewright-view-'));
    mkdirSync(at('run'));
    for (const name of ['expired.conf', 'good.conf']) writeFileSync(at(name), '');
    const cluster = recorded('cluster');
    for (const name of ['version', 'nodes', 'system', 'public', 'slices', 'members', 'health', 'status']) writeFileSync(at(name), cluster[name] ?? '');
    writeFileSync(at('pods'), 'kube-system|ReplicaSet|coredns-1|cp-1||coredns-1-x|10.88.210.11\nkube-system|ReplicaSet|coredns-1|w-1||coredns-1-y|10.88.210.21\n');
    writeFileSync(at('tokens'), `${Buffer.from('abcdef').toString('base64')}||${Buffer.from('2026-01-01T00:00:00Z').toString('base64')}\n`);
    writeFileSync(
      at('daemonsets'),
      JSON.stringify({
        items: [
          {
            metadata: { name: 'kube-proxy', namespace: 'kube-system' },
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      command: ['kube-proxy'],
                      env: [
                        { name: 'HTTP_PROXY', value: 'http://me:pw@p' },
                        { name: 'SECRET', value: 's' },
                      ],
                    },
                  ],
                },
              },
            },
            status: {},
          },
        ],
      }),
    );
    writeFileSync(
      at('deployments'),
      JSON.stringify({
        items: [
          {
            metadata: { name: 'coredns', namespace: 'kube-system', generation: 1 },
            spec: { replicas: 2 },
            status: { readyReplicas: 2, updatedReplicas: 2, replicas: 2, observedGeneration: 1 },
          },
        ],
      }),
    );
    program(
      'proc/7/root/usr/local/bin/etcdctl',
      `echo "etcdctl $*" >> ${at('calls')}; case "$*" in *member*) cat ${at('members')};; *health*) cat ${at('health')};; *) cat ${at('status')};; esac`,
    );
  });

  beforeEach(() => {
    writeFileSync(at('calls'), '');
    program(
      'bin/kubectl',
      `printf '%s\\n' "$*" >> ${at('calls')}
case "$*" in *expired.conf*) echo 'error: You must be logged in to the server (Unauthorized)' >&2; exit 1;; esac
case "$*" in
  *namespaces/kube-system) echo '{}';; */version) cat ${at('version')};; */nodes) cat ${at('nodes')};; *kubeadm-config*) cat ${at('system')};; *cluster-info*) cat ${at('public')};;
  *service-name*) cat ${at('slices')};; *managed-by*) echo '{"items":[{"metadata":{"name":"etcd"},"endpoints":[{"addresses":["10.0.0.1"]}]}]}';; *deployments) cat ${at('deployments')};; *daemonsets) cat ${at('daemonsets')};;
  *pods*) cat ${at('pods')};; *secrets*) cat ${at('tokens')};; *) exit 9;;
esac`,
    );
  });

  afterAll(() => rmSync(root, { recursive: true }));

  it('reads the cluster with the first kubeconfig that is taken, and the member by the etcdctl of its own image', () => {
    const fact = parseClusterView(run(), 'cp-1');
    expect(fact).toMatchObject({
      state: 'known',
      value: {
        via: 'cp-1',
        version: 'v1.36.3',
        apiEndpoints: ['10.88.210.11', '10.88.210.12', '10.88.210.13'],
        etcdMembers: { state: 'known', value: [{ name: 'cp-1', isHealthy: true }, { name: 'cp-2' }, { name: 'cp-3' }] },
        workloads: {
          'kube-system/DaemonSet/kube-proxy': { args: ['kube-proxy'], environment: [{ name: 'HTTP_PROXY', value: 'http://p' }] },
          'kube-system/Deployment/coredns': { podNodes: ['cp-1', 'w-1'], ready: 2 },
        },
        pods: [{ name: 'coredns-1-x', node: 'cp-1', hostIP: '10.88.210.11' }, { name: 'coredns-1-y' }],
        manualEndpoints: [{ name: 'etcd', addresses: ['10.0.0.1'] }],
        tokens: { state: 'known', value: [{ id: 'abcdef', description: '', expires: '2026-01-01T00:00:00Z' }] },
      },
    });
  });

  it('only gets and lists, with its own server and the name that every certificate carries', () => {
    run();
    const kubectl = calls().filter((call) => !call.startsWith('etcdctl'));
    expect(kubectl.length).toBeGreaterThan(10);
    for (const call of kubectl) expect(call).toMatch(/--server https:\/\/127\.0\.0\.1:6443 --tls-server-name kubernetes .* get /);
    for (const call of calls().filter((each) => each.startsWith('etcdctl'))) expect(call).toMatch(/(member list|endpoint health --cluster|endpoint status --cluster)$/);
  });

  it('asks whether anything answers where shared objects lead to', () => {
    const map = (data: Readonly<Record<string, string>>): string => JSON.stringify({ kind: 'ConfigMap', metadata: { name: 'x', namespace: 'y' }, data }, undefined, 2);
    const kubeconfig = (server: string): string => `apiVersion: v1\nclusters:\n- cluster:\n    server: ${server}\n  name: ""\n`;
    const shared = [map({ ClusterConfiguration: 'apiServer: {}\ncontrolPlaneEndpoint: 10.0.0.9:6443\n' }), map({ 'kubeconfig.conf': kubeconfig('https://10.0.0.8:6443') })];
    writeFileSync(at('shared'), `{"items":[${shared.join(',\n')}]}`);
    writeFileSync(at('info'), map({ kubeconfig: kubeconfig('"https://10.0.0.7:6443"') }));
    program('bin/kubectl', `case "$*" in *"configmaps kubeadm-config"*) cat ${at('shared')};; *cluster-info*) cat ${at('info')};; *) echo '{"items":[],"gitVersion":"v1"}';; esac`);
    program('bin/curl', `case "$*" in *10.0.0.8*) printf 200;; *) printf 000; exit 7;; esac`);
    const fact = parseClusterView(run(), 'cp-1');
    rmSync(at('bin/curl'));
    expect(fact).toMatchObject({ value: { answers: { 'https://10.0.0.7:6443': false, 'https://10.0.0.8:6443': true, 'https://10.0.0.9:6443': false } } });
  });

  it('says why the API server takes no kubeconfig', () => {
    rmSync(at('good.conf'));
    expect(parseClusterView(run(), 'cp-1')).toEqual({ state: 'unknown', why: 'cp-1: error: You must be logged in to the server (Unauthorized)' });
    writeFileSync(at('good.conf'), '');
  });

  it('says what could not be read', () => {
    program('bin/kubectl', `case "$*" in *namespaces/kube-system) exit 0;; *nodes) echo 'forbidden' >&2; exit 1;; *) echo '{}';; esac`);
    expect(parseClusterView(run(), 'cp-1')).toEqual({ state: 'unknown', why: 'cp-1: forbidden' });
  });

  it('knows the rest where etcd does not answer', () => {
    const broken = JSON.parse(run()) as Record<string, string>;
    const answer = JSON.stringify({ ...broken, 'members.exit': Buffer.from('1').toString('base64'), 'members.error': Buffer.from('deadline exceeded\n').toString('base64') });
    expect(parseClusterView(answer, 'cp-1')).toMatchObject({ state: 'known', value: { etcdMembers: { state: 'unknown', why: 'deadline exceeded' } } });
  });
});

it.each(['', 'no json', '{"nodes":"!!!"}', encoded({ version: '{', 'version.exit': '0' })])('takes %j for no answer of a cluster', (answer) => {
  let state = 'thrown';
  try {
    ({ state } = parseClusterView(answer, 'cp-1'));
  } catch {
    // No answer at all.
  }
  expect(state).not.toBe('known');
});
