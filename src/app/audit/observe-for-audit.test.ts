import { describe, expect, it } from 'vitest';
import { AppError } from '../../errors/app-error.ts';
import { encoded, recorded } from '../../facts/testing/recorded-answers.ts';
import type { Host } from '../../hosts/host.ts';
import { readingHost } from '../testing/reading-host.ts';
import { auditCluster, explainRule, ruleCodes } from './audit-cluster.ts';
import { lookForAudit } from './observe-for-audit.ts';

interface Fake {
  readonly hostname: string;
  readonly address: string;
  readonly isControlPlane: boolean;
  /** Nothing of Kubernetes is there. */
  readonly isBare?: true;
  /** Where its kubelet looks for the API. */
  readonly server?: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const withExits = (sections: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([name, text]) => [
      [name, text],
      [`${name}.exit`, '0'],
      [`${name}.error`, ''],
    ]),
  );

function discovered({ hostname, address, isControlPlane, isBare }: Fake): string {
  const kubelet = `10|20|kubelet.service|${base64('kubelet\0--kubeconfig=/etc/kubernetes/kubelet.conf\0')}|`;
  const apiServer = `11|21||${base64(`kube-apiserver\0--advertise-address=${address}\0--etcd-cafile=/a\0--etcd-certfile=/b\0--etcd-keyfile=/c\0--etcd-servers=https://127.0.0.1:2379\0`)}|`;
  return encoded({
    identity: `${hostname}\n${hostname}-id\n\nnone\n`,
    interfaces: `mac|eth0|02:00:00:00:00:01\naddress|eth0|${address}\nmac|lo|00\naddress|lo|127.0.0.1\n`,
    processes: isBare ? `12|22|docker.service|${base64('dockerd\0')}|` : [kubelet, ...(isControlPlane ? [apiServer] : [])].join('\n'),
    kubelet: '',
    manifests: '',
    units: '',
    marks: '',
  });
}

function inspected({ server = 'https://127.0.0.1:6443', isBare }: Fake): string {
  return encoded({
    certificates: '',
    directories: '',
    keys: '',
    kubeconfigs: isBare ? '' : `#/etc/kubernetes/kubelet.conf\n5:    server: ${server}\n`,
    servers: '',
    files: '',
    environment: '',
    balancers: '',
    joins: '',
  });
}

/** Three control planes and a worker, as recorded: cp-1 to cp-3 at 10.88.210.11 to 13, w-1 at 10.88.210.21. */
function clusterAnswer(): string {
  const { version = '', nodes = '', system = '', members = '', health = '', status = '', slices = '' } = recorded('cluster');
  return encoded(
    withExits({
      version,
      nodes,
      system,
      public: recorded('cluster')['public'] ?? '',
      slices,
      manual: '{}',
      deployments: '{}',
      daemonsets: '{}',
      pods: '',
      tokens: '',
      members,
      health,
      status,
    }),
  );
}

type Answers = Readonly<Record<string, Fake | (() => string)>>;

function world(answers: Answers): { readonly host: (address: string) => Host; readonly trips: Record<string, number> } {
  const trips: Record<string, number> = {};
  const host = (address: string): Host => {
    const fake = answers[address];
    const read = (script: string): string => {
      trips[address] = (trips[address] ?? 0) + 1;
      if (fake === undefined) throw new AppError('host-unreachable', `${address} did not answer in time`);
      if (typeof fake === 'function') return fake();
      if (script.includes('systemd-detect-virt')) return discovered(fake);
      return script.includes('--tls-server-name') ? clusterAnswer() : inspected(fake);
    };
    return { ...readingHost(address, read), target: { name: address, address, user: 'root' } };
  };
  return { host, trips };
}

const controlPlane = (index: number): Fake => ({ hostname: `cp-${index}`, address: `10.88.210.1${index}`, isControlPlane: true });
const worker: Fake = { hostname: 'w-1', address: '10.88.210.21', isControlPlane: false, server: 'https://10.88.210.12:6443' };
const ALL: Answers = { '10.88.210.11': controlPlane(1), '10.88.210.12': controlPlane(2), '10.88.210.13': controlPlane(3), '10.88.210.21': worker };

const { signal } = new AbortController();

async function observe(answers: Answers, given: readonly string[]) {
  const { host, trips } = world(answers);
  const { snapshot } = await lookForAudit({ given: given.map(host), more: (addresses) => addresses.map(host) }, signal);
  return { states: Object.fromEntries(snapshot.machines.map(({ name, facts }) => [name, facts.state])), cluster: snapshot.cluster, trips, snapshot };
}

const KNOWN = { 'cp-1': 'known', 'cp-2': 'known', 'cp-3': 'known', 'w-1': 'known' };

describe('lookForAudit', () => {
  it('finds the rest of the cluster through one control plane, in two round trips each and one more for the cluster', async () => {
    const { states, cluster, trips } = await observe(ALL, ['10.88.210.12']);
    expect(states).toEqual(KNOWN);
    expect(cluster.state).toBe('known');
    expect(trips).toEqual({ '10.88.210.11': 2, '10.88.210.12': 3, '10.88.210.13': 2, '10.88.210.21': 2 });
  });

  it('finds a control plane through a worker', async () => {
    const { states, cluster } = await observe(ALL, ['10.88.210.21']);
    expect({ states, state: cluster.state }).toEqual({ states: KNOWN, state: 'known' });
  });

  it('goes on to the next control plane when the first one given is down', async () => {
    const { '10.88.210.11': _, ...rest } = ALL;
    const { states, cluster } = await observe(rest, ['10.88.210.11', '10.88.210.13']);
    expect(states).toEqual({ ...KNOWN, 'cp-1': 'unreachable' });
    expect(cluster.state).toBe('known');
  });

  it('looks once at a machine that is given twice', async () => {
    const { states } = await observe({ ...ALL, 'cp-1.example.com': controlPlane(1) }, ['10.88.210.11', 'cp-1.example.com']);
    expect(states).toEqual(KNOWN);
  });

  it.each([
    [
      'refuses the login',
      () => {
        throw new AppError('host-unreachable', 'Permission denied (publickey)');
      },
      'unreachable',
      'Permission denied (publickey)',
    ],
    ['answers garbage', () => '\u0000\uFFFD garbage', 'unknown', 'cannot be read'],
    ['answers another thing', () => '{"identity":""}', 'unknown', 'cannot be read'],
    [
      'never ends',
      () => {
        throw new AppError('remote-failed', 'a script on w-1 did not end within 20 s');
      },
      'unknown',
      'did not end within 20 s',
    ],
  ])('completes when a machine %s', async (_, answer, state, why) => {
    const { states, snapshot } = await observe({ ...ALL, '10.88.210.21': answer }, ['10.88.210.11']);
    expect(states).toEqual({ ...KNOWN, 'w-1': state });
    expect(snapshot.machines.find(({ name }) => name === 'w-1')?.facts).toMatchObject({ why: expect.stringContaining(why) as string });
  });

  it('completes when an API server answers garbage, through the next', async () => {
    const { host } = world(ALL);
    const garbage: Host = {
      ...host('10.88.210.11'),
      read: async (script, options) => (script.includes('--tls-server-name') ? '{"refused": 7}' : host('10.88.210.11').read(script, options)),
    };
    const { snapshot } = await lookForAudit({ given: [garbage, host('10.88.210.12')], more: () => [] }, signal);
    expect(snapshot.cluster).toMatchObject({ state: 'known', value: { via: '10.88.210.12' } });
  });

  it('stops when it is asked to', async () => {
    const stopped = AbortSignal.abort();
    const host = readingHost('x', () => {
      throw new AppError('interrupted', 'stopped');
    });
    await expect(lookForAudit({ given: [host], more: () => [] }, stopped)).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('auditCluster', () => {
  it('says what it could not see, and counts it as no finding', async () => {
    const { '10.88.210.13': _, ...rest } = ALL;
    const { host } = world(rest);
    const lines: string[] = [];
    const report = await auditCluster({ reach: { given: [host('10.88.210.11')], more: (addresses) => addresses.map(host) }, signal, onProgress: (line) => lines.push(line) });
    expect(report.unknown).toContainEqual({
      node: 'cp-3',
      what: 'the machine: processes, files, certificates',
      why: '10.88.210.13 did not answer in time',
      advice: [expect.stringContaining('next: ')],
    });
    expect(report.findings.every(({ node }) => node !== 'cp-3')).toBe(true);
    expect(report.findings.map(({ code }) => code)).toContain('kubelet-of-one-node');
    expect(lines.at(-1)).toBe('looked at cp-1, cp-2, cp-3, w-1');
  });

  it('gives the data of a repair with a finding', async () => {
    const { host } = world(ALL);
    const report = await auditCluster({ reach: { given: [host('10.88.210.11')], more: (addresses) => addresses.map(host) }, signal });
    expect(report.findings.find(({ code }) => code === 'kubelet-of-one-node')?.repair).toMatchObject({
      kind: 'stable-endpoint',
      nodes: [{ node: 'w-1', where: '/etc/kubernetes/kubelet.conf:5' }],
    });
  });

  it('says that there is no cluster where there is none, which is no cluster without findings', async () => {
    const { host } = world({ '10.88.210.21': { ...worker, isBare: true } });
    await expect(auditCluster({ reach: { given: [host('10.88.210.21')], more: () => [] }, signal })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      exitCode: 4,
      message: expect.stringContaining('there is no cluster on w-1') as string,
    });
  });

  it('has seen nothing where no machine answers', async () => {
    const { host } = world({});
    await expect(auditCluster({ reach: { given: [host('10.88.210.11')], more: () => [] }, signal })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      details: ['10.88.210.11 did not answer in time', expect.stringContaining('next: ') as string],
    });
  });
});

it('explains every rule, and none that is not', () => {
  for (const code of ruleCodes()) expect(explainRule(code)).toMatchObject({ kind: 'Rule', code });
  expect(explainRule('nope')).toBeUndefined();
});
