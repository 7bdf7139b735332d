import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatusJson } from '../contract/status.ts';
import { statusSchema } from '../contract/status.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { paintFor } from '../render/paint.ts';
import { renderStatus } from '../render/status.ts';
import { healthyClusterFacts, healthyExpected, healthyInput, withCluster, withHost } from '../rules/testing/healthy-snapshot.ts';
import { lastRunOf, statusOf } from './status.ts';

const now = new Date('2026-06-01T00:00:00Z');
const run = { startedAt: '2026-05-31T23:00:00.000Z', command: 'apply', result: 'succeeded', stepsRun: 28, unfinished: [], journal: '/state/1.jsonl' } as const;

/** The status as JSON of the contract. */
function statusWith(snapshot: Snapshot): StatusJson {
  return statusSchema.parse(JSON.parse(JSON.stringify(statusOf(healthyExpected, snapshot, { now, lastRun: run }))));
}

function nodeOf({ nodes }: StatusJson, name: string) {
  return nodes.find((node) => node.name === name);
}

const image = (name: string): string => `spec:\n  containers:\n  - image: registry.k8s.io/${name}\n`;
const withImages = withHost('cp-1', (host) => ({
  packages: { haproxy: '2.6.12-1' },
  processes: host.processes.filter(({ name }) => name !== 'kube-scheduler'),
  files: {
    ...host.files,
    '/etc/kubernetes/manifests/kube-apiserver.yaml': { type: 'file', sha256: '', sizeBytes: 1, mode: '600', owner: 'root:root', text: image('kube-apiserver:v1.36.3') },
    '/etc/kubernetes/manifests/etcd.yaml': { type: 'file', sha256: '', sizeBytes: 1, mode: '600', owner: 'root:root', text: image('etcd:3.6.8-0@sha256:ab') },
    '/etc/kubernetes/manifests/kube-scheduler.yaml': { type: 'file', sha256: '', sizeBytes: 1, mode: '600', owner: 'root:root', text: '{' },
  },
  certificates: { ...host.certificates, '/etc/kubernetes/pki/apiserver.crt': { ...host.certificates['/etc/kubernetes/pki/ca.crt']!, notAfter: '2026-06-11T12:00:00.000Z' } },
}));

describe('status', () => {
  it('of a whole cluster knows everything', () => {
    const status = statusWith(healthyInput.snapshot);
    expect(status).toMatchObject({ cluster: 'demo', kubernetes: 'v1.36.3', via: 'cp-1', lastRun: run, locks: [], working: [], unknown: [] });
    expect(status.endpoint).toEqual({ server: 'https://api.demo.kubewright.internal:7443', apiServers: ['cp-1', 'cp-2', 'cp-3'] });
    expect(status.nodes.map(({ name, ready, reached, inFile }) => [name, ready, reached, inFile])).toEqual(['cp-1', 'cp-2', 'cp-3', 'w-1'].map((name) => [name, true, true, true]));
    expect(status.etcd.map(({ name, leader, healthy }) => [name, leader, healthy])).toEqual([
      ['cp-1', true, true],
      ['cp-2', false, true],
      ['cp-3', false, true],
    ]);
  });

  it('tells what runs in which version, and which certificate expires first', () => {
    const node = nodeOf(statusWith(withImages.snapshot), 'cp-1');
    expect(node?.components).toEqual([
      { name: 'kube-apiserver', version: 'v1.36.3', running: true },
      { name: 'kube-controller-manager', running: true },
      { name: 'kube-scheduler', running: false },
      { name: 'etcd', version: '3.6.8-0', running: true },
      { name: 'kubelet', version: 'v1.36.3', running: true },
      { name: 'containerd', running: false },
      { name: 'api-proxy', version: '2.6.12-1', running: false },
    ]);
    expect(node?.firstToExpire).toEqual({ path: '/etc/kubernetes/pki/apiserver.crt', notAfter: '2026-06-11T12:00:00.000Z', daysLeft: 10 });
  });

  it('of a cluster with a machine off says what it could not see, and what the API knows of it all the same', () => {
    const hosts = { ...healthyInput.snapshot.hosts, [laneId('cp-2')]: { state: 'unreachable', why: 'no route to 10.0.0.12' } as const };
    const nodes = { ...healthyClusterFacts.nodes, 'cp-2': { ...healthyClusterFacts.nodes['cp-2']!, isReady: false, runtimeVersion: 'containerd://2.3.3' } };
    const status = statusWith({ ...withCluster({ nodes }).snapshot, hosts });
    expect(status.unknown).toEqual([{ node: 'cp-2', what: 'the machine', why: 'no route to 10.0.0.12' }]);
    expect(nodeOf(status, 'cp-2')).toMatchObject({ ready: false, reached: false, firstToExpire: null });
    expect(nodeOf(status, 'cp-2')?.components).toEqual([
      { name: 'kubelet', version: 'v1.36.3', running: null },
      { name: 'containerd', version: '2.3.3', running: null },
      { name: 'api-proxy', running: null },
    ]);
    expect(nodeOf(status, 'cp-1')).toMatchObject({ ready: true, reached: true });
  });

  it('without an answer of any control plane still tells of the machines', () => {
    const status = statusWith({ ...healthyInput.snapshot, cluster: unknown('no control plane answered') });
    expect(status).toMatchObject({ kubernetes: null, via: null, etcd: [], unknown: [{ what: 'nodes and etcd members', why: 'no control plane answered' }] });
    expect(nodeOf(status, 'cp-1')).toMatchObject({ ready: null, reached: true, firstToExpire: { daysLeft: 214 } });
  });

  it('has nodes that are not in the file, members that are not seen, locks and scripts at work', () => {
    const stranger = { ...healthyClusterFacts.nodes['w-1']!, name: 'w-9', internalIPs: ['10.0.0.99'] };
    const cluster = withCluster({
      nodes: { ...healthyClusterFacts.nodes, 'w-9': stranger },
      etcdMembers: unknown('context deadline exceeded'),
      apiEndpoints: ['10.0.0.1', '10.9.9.9'],
    });
    const lock = { token: 3, runId: 'r', owner: 'ops@desk pid 7', since: '2026-05-31T23:59:00Z', expires: '2026-06-01T00:00:20Z', isHeld: true };
    const { hosts } = withHost('cp-1', () => ({ lock, runs: [{ runId: 'r', stepId: 'cp-1/init', token: 3, state: 'running' }] })).snapshot;
    const status = statusWith({ ...cluster.snapshot, hosts });
    expect(nodeOf(status, 'w-9')).toMatchObject({ role: 'worker', address: '10.0.0.99', inFile: false, ready: true, reached: false });
    expect(status.endpoint.apiServers).toEqual(['10.9.9.9', 'cp-1']);
    expect(status.locks).toEqual([{ node: 'cp-1', owner: lock.owner, runId: 'r', since: lock.since, expires: lock.expires }]);
    expect(status.working).toEqual([{ node: 'cp-1', step: 'cp-1/init' }]);
    expect(status.unknown).toEqual([{ what: 'etcd members', why: 'context deadline exceeded' }]);
  });

  it('tells of no lock that was given back', () => {
    const lock = { token: 3, runId: 'r', owner: 'ops@desk pid 7', since: '', expires: '', isHeld: false };
    expect(statusWith(withHost('cp-1', () => ({ lock })).snapshot).locks).toEqual([]);
  });
});

describe('in words', () => {
  const words = (status: StatusJson): string => renderStatus(status, paintFor(false));

  it('a whole cluster', () => {
    expect(words(statusWith(withImages.snapshot))).toMatchInlineSnapshot(`
      "cluster demo at 2026-06-01T00:00:00.000Z: Kubernetes v1.36.3, seen through cp-1
      endpoint https://api.demo.kubewright.internal:7443; API servers: cp-1, cp-2, cp-3

      NODE  ROLE           STATE  ADDRESS    FIRST CERTIFICATE TO EXPIRE
      cp-1  control-plane  Ready  10.0.0.1   10 days only, apiserver.crt
      cp-2  control-plane  Ready  10.0.0.12  214 days, apiserver.crt
      cp-3  control-plane  Ready  10.0.0.13  214 days, apiserver.crt
      w-1   worker         Ready  10.0.0.21  214 days, ca.crt

      NODE  API SERVER  CONTROLLERS  SCHEDULER  ETCD     KUBELET  CONTAINERD  API PROXY
      cp-1  v1.36.3     ?            -          3.6.8-0  v1.36.3  -           2.6.12-1 (down)
      cp-2  ?           ?            ?          ?        v1.36.3  -           -
      cp-3  ?           ?            ?          ?        v1.36.3  -           -
      w-1                                                v1.36.3  -           -

      ETCD MEMBER  ID  ROLE      HEALTHY
      cp-1         a0  leader    yes
      cp-2         a1  follower  yes
      cp-3         a2  follower  yes

      last run: apply succeeded, begun 1h ago, 28 steps; /state/1.jsonl
      "
    `);
  });

  it('a last run whose journal cannot be read is not taken for none', () => {
    const directory = mkdtempSync(join(tmpdir(), 'status-'));
    expect(lastRunOf(directory)).toEqual({ lastRun: null });
    writeFileSync(join(directory, '1.jsonl'), 'spoilt\n');
    const seen = statusSchema.parse(statusOf(healthyExpected, healthyInput.snapshot, { now, ...lastRunOf(directory) }));
    rmSync(directory, { recursive: true });
    expect(seen).toMatchObject({ lastRun: null, unknown: [] });
    expect(words(seen)).toContain(`\nlast run: not known: the journals in ${directory} cannot be read: 1.jsonl begins with no whole record\n`);
  });

  it('a cluster that was hardly seen', () => {
    const hosts = { ...healthyInput.snapshot.hosts, [laneId('cp-2')]: { state: 'unreachable', why: 'no route to 10.0.0.12' } as const };
    expect(words({ ...statusWith({ hosts, cluster: unknown('no control plane answered') }), lastRun: { ...run, result: null, stepsRun: null, unfinished: ['cp-2/join'] } }))
      .toMatchInlineSnapshot(`
        "cluster demo at 2026-06-01T00:00:00.000Z: not seen
        endpoint https://api.demo.kubewright.internal:7443

        NODE  ROLE           STATE                              ADDRESS    FIRST CERTIFICATE TO EXPIRE
        cp-1  control-plane  no node seen                       10.0.0.1   214 days, apiserver.crt
        cp-2  control-plane  no node seen, machine not reached  10.0.0.12
        cp-3  control-plane  no node seen                       10.0.0.13  214 days, apiserver.crt
        w-1   worker         no node seen                       10.0.0.21  214 days, ca.crt

        NODE  API SERVER  CONTROLLERS  SCHEDULER  ETCD  KUBELET  CONTAINERD  API PROXY
        cp-1  ?           ?            ?          ?     ?        -           -
        cp-2                                            ?        ?           ?
        cp-3  ?           ?            ?          ?     ?        -           -
        w-1                                             ?        -           -

        last run: apply not ended, begun 1h ago; /state/1.jsonl
          begun and not ended: cp-2/join

        could not be seen
          cp-2: the machine: no route to 10.0.0.12
          nodes and etcd members: no control plane answered
        "
      `);
  });
});
