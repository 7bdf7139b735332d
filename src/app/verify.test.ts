import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import { encodeAnswer, insideWell } from '../facts/inside/testing/recorded-answers.ts';
import type { Host, RunEvent, RunRequest } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { observeInside } from './observe-inside.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';
import { verifyCluster } from './verify.ts';

describe('verifyCluster', () => {
  it.each([
    [1, 'looking at 1 machine and the cluster'],
    [4, 'looking at 4 machines and the cluster'],
  ])('says how many machines it looks at: %d', async (size, line) => {
    const lines: string[] = [];
    const fleet = new Map(demoCluster.nodes.slice(0, size).map(({ name }) => [laneId(name), readingHost(name, () => '')]));
    await verifyCluster({ cluster: demoCluster, fleet, signal: new AbortController().signal, onProgress: (said) => lines.push(said) });
    expect(lines).toEqual([line]);
  });

  it('does not judge where there is no cluster, and says what makes one', async () => {
    const bare = encoded({ ...recorded('worker'), processes: '', etcddata: '' });
    const fleet = new Map(demoCluster.nodes.map(({ name }) => [laneId(name), readingHost(name, () => bare)]));
    await expect(verifyCluster({ cluster: demoCluster, fleet, signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining('of 4 machines that answered none runs a kubelet') as string,
      hint: expect.stringContaining('kubewright apply') as string,
    });
  });

  it('does not say that there is none while a control plane does not answer', async () => {
    const bare = encoded({ ...recorded('worker'), processes: '', etcddata: '' });
    const answerOf = (name: string) => (): string => {
      if (name === 'cp-2') throw new AppError('host-unreachable', `${name} does not answer`);
      return bare;
    };
    const fleet = new Map(demoCluster.nodes.map(({ name }) => [laneId(name), readingHost(name, answerOf(name))]));
    const report = await verifyCluster({ cluster: demoCluster, fleet, signal: new AbortController().signal });
    expect(report.unknown).toContainEqual(expect.objectContaining({ node: 'cp-2' }));
  });

  it('passes nothing where no machine can be reached, and makes nothing', async () => {
    const hosts = demoCluster.nodes.map(({ name }): readonly [ReturnType<typeof laneId>, Host] => [
      laneId(name),
      readingHost(name, () => {
        throw new AppError('host-unreachable', `${name} does not answer`);
      }),
    ]);
    const report = await verifyCluster({ cluster: demoCluster, fleet: new Map(hosts), signal: new AbortController().signal });
    expect(report).toMatchObject({ kind: 'Report', ok: false, findings: [] });
    expect(new Set(report.unknown.map(({ node }) => node))).toEqual(new Set(['cp-1', 'cp-2', 'cp-3', 'w-1', undefined]));
  });
});

describe('verifyCluster while a control plane is away', () => {
  it('asks from inside through one whose API server is ready, before the machine that is away is told', async () => {
    const giveUp: (() => void)[] = [];
    const away: Host = {
      ...readingHost('cp-1', () => ''),
      read: () => new Promise((_, reject) => giveUp.push(() => reject(new AppError('host-unreachable', 'cp-1 did not answer in time')))),
    };
    const answering = (name: string, readyz: string): Host => ({
      ...readingHost(name, (script) => (script.includes('/readyz 2>') ? readyz : encoded(recorded('control-plane')))),
      run: async function* () {
        for (const end of giveUp) end();
        yield { type: 'slot.provided', slot: 'inside', bytes: Buffer.from(encodeAnswer(insideWell)) };
        yield await Promise.resolve({ type: 'exited' as const, exitCode: 0 });
      },
    });
    const fleet = new Map([away, answering('cp-2', 'no'), answering('cp-3', 'ok')].map((host) => [laneId(host.target.name), host]));
    const { unknown } = await verifyCluster({ cluster: demoCluster, fleet, signal: new AbortController().signal });
    expect(unknown).toContainEqual(expect.objectContaining({ node: 'cp-1', why: 'cp-1 did not answer in time' }));
    expect(unknown.map(({ what }) => what)).not.toContain('the cluster as pods see it');
  });
});

describe('observeInside', () => {
  const ask = { image: 'agnhost:1', dnsDomain: 'cluster.local', nodesWithMetrics: 2, patience: { seconds: 60, secondsUnready: 15 } };

  function running(events: (request: RunRequest) => AsyncIterable<RunEvent>): Host {
    return { ...readingHost('cp-1', () => ''), run: (request) => events(request) };
  }

  const observe = (host: Host, lines: string[] = []) => observeInside(host, ask, new AbortController().signal, (line) => lines.push(line));

  it('gives the answer of the slot, and lines meanwhile', async () => {
    const lines: string[] = [];
    const requests: RunRequest[] = [];
    const host = running(async function* (request) {
      requests.push(request);
      yield { type: 'output', index: undefined, line: 'asking' };
      yield { type: 'slot.provided', slot: 'inside', bytes: Buffer.from(encodeAnswer(insideWell)) };
      yield await Promise.resolve({ type: 'exited' as const, exitCode: 0 });
    });
    expect(await observe(host, lines)).toMatchObject({ state: 'known', value: { metrics: { value: { nodes: ['cp-1', 'w-1'] } } } });
    expect(lines).toEqual(['asking']);
    expect(requests[0]).toMatchObject({ mode: 'attached', stepId: 'verify' });
    expect([...requests[0]!.inputs.keys()]).toEqual(['namespace.json', 'probe.json']);
  });

  it('knows nothing when the script ended without an answer', async () => {
    const host = running(async function* () {
      yield await Promise.resolve({ type: 'exited' as const, exitCode: 1 });
    });
    expect(await observe(host)).toEqual({ state: 'unknown', why: 'cp-1 gave no answer from inside the cluster' });
  });

  it.each([
    ['step-failed', 'unknown'],
    ['host-unreachable', 'unreachable'],
  ] as const)('takes %s for %s', async (code, state) => {
    // oxlint-disable-next-line require-yield
    const host = running(async function* () {
      throw await Promise.resolve(new AppError(code, 'what happened'));
    });
    expect(await observe(host)).toMatchObject({ state, why: 'what happened' });
  });

  it('does not verify beside another verification', async () => {
    const atWork = { create: 'verify-9|cp-2|2026-01-01T00:00:00Z\n', 'create.exit': '75\n', 'create.error': '' };
    const host = running(async function* () {
      yield { type: 'slot.provided', slot: 'inside', bytes: Buffer.from(encodeAnswer(atWork)) };
      yield await Promise.resolve({ type: 'exited' as const, exitCode: 0 });
    });
    await expect(observe(host)).rejects.toMatchObject({
      code: 'locked',
      message: 'another verification of this cluster is at work, through cp-2',
      details: ['run verify-9, since 2026-01-01T00:00:00Z'],
    });
  });

  it('does not verify a cluster that another run is changing', async () => {
    // oxlint-disable-next-line require-yield
    const host = running(async function* () {
      throw await Promise.resolve(new AppError('locked', 'held'));
    });
    await expect(observe(host)).rejects.toMatchObject({ code: 'locked' });
  });
});
