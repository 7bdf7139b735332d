import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { encoded, recorded, recordedRequests } from '../facts/testing/recorded-answers.ts';
import type { Host } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { observeFleet, observeHost } from './observe-fleet.ts';
import { readingHost } from './testing/reading-host.ts';

const signal = new AbortController().signal;
const answering = (said: string | Error): Host =>
  readingHost('cp-1', () => {
    if (typeof said === 'string') return said;
    throw said;
  });
const answer = encoded(recorded('cluster'));

const ADVICE = 'next: check address, SSH key and host key, then run the command again';

describe('a machine', () => {
  it('is known by its answer', async () => {
    const fact = await observeHost(answering(encoded(recorded('control-plane'))), recordedRequests, signal);
    expect(fact.state === 'known' ? fact.value.identity.hostname : fact).toBe('cp-1');
  });

  it.each([
    ['that cannot be reached', new AppError('host-unreachable', 'cp-1: connection refused'), { state: 'unreachable', why: 'cp-1: connection refused', advice: ADVICE }],
    ['whose script failed', new AppError('remote-failed', 'a script ended'), { state: 'unknown', why: 'a script ended' }],
    ['whose answer is cut off', '{"identity":"Y3', { state: 'unknown', why: expect.stringContaining('cannot be read') }],
    ['that said nothing', '', { state: 'unknown', why: expect.stringContaining('it is empty') }],
  ])('%s is a fact too', async (_what, said, fact) => expect(await observeHost(answering(said), recordedRequests, signal)).toMatchObject(fact));

  it('a defect is none', async () => expect(observeHost(answering(new TypeError('x')), recordedRequests, signal)).rejects.toThrow(TypeError));

  it('an interruption is none', async () =>
    expect(observeHost(answering(new AppError('interrupted', 'x')), recordedRequests, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' }));
});

describe('the cluster', () => {
  const controlPlane = encoded(recorded('control-plane'));
  const stopped = encoded({ ...recorded('control-plane'), processes: '' });
  const worker = encoded(recorded('worker'));

  /** Machines that answer about themselves, and as told when they are asked about the cluster. */
  async function ask(machines: Readonly<Record<string, readonly [self: string, aboutCluster: string | Error]>>) {
    const asked: string[] = [];
    const hosts = Object.entries(machines).map(([name, [self, aboutCluster]]) => {
      const host = readingHost(name, (script) => {
        if (!script.includes('etcdctl')) return self;
        asked.push(name);
        if (typeof aboutCluster === 'string') return aboutCluster;
        throw aboutCluster;
      });
      return [laneId(name), host] as const;
    });
    return { asked, cluster: (await observeFleet(new Map(hosts), [], { signal })).cluster };
  }

  it('is asked of control planes as they show themselves, last of one whose API server does not run; no other is asked once one has answered', async () => {
    const refused = new AppError('remote-failed', 'refused');
    const seen = await ask({ a: [stopped, answer], b: [controlPlane, refused], c: [controlPlane, answer], w: [worker, answer] });
    expect(seen.asked).toEqual(['b', 'c']);
    expect((await ask({ a: [stopped, answer], b: [controlPlane, refused] })).asked).toEqual(['b', 'a']);
    expect(seen.cluster.state === 'known' ? seen.cluster.value.via : seen.cluster).toBe('c');
  });

  it('is asked while a machine is waited for', async () => {
    let wasAsked: (answer: string) => void = () => undefined;
    const away: Host = { ...readingHost('away', () => ''), read: () => new Promise((resolve) => (wasAsked = resolve)) };
    const seeing = readingHost('cp-1', (script) => {
      if (!script.includes('etcdctl')) return controlPlane;
      wasAsked(worker);
      return answer;
    });
    const fleet = new Map([away, seeing].map((host) => [laneId(host.target.name), host]));
    expect(await observeFleet(fleet, [], { signal })).toMatchObject({ hosts: { away: { state: 'known' } }, cluster: { state: 'known' } });
  });

  it('is taken from one that sees the members of etcd, if there is one; else from the first', async () => {
    const blind = encoded({ ...recorded('cluster'), 'members.exit': '1' });
    const seen = await ask({ a: [controlPlane, blind], b: [controlPlane, blind], c: [controlPlane, answer] });
    expect(seen.asked).toEqual(['a', 'b', 'c']);
    expect(seen.cluster).toMatchObject({ value: { via: 'c', etcdMembers: { state: 'known' } } });
    const allBlind = await ask({ a: [controlPlane, new AppError('remote-failed', 'why a')], b: [controlPlane, blind], c: [controlPlane, blind] });
    expect(allBlind.cluster).toMatchObject({ value: { via: 'b', etcdMembers: { state: 'unknown' } } });
  });

  it('is unknown, with each reason, where none answers', async () => {
    const seen = await ask({ a: [controlPlane, new AppError('remote-failed', 'why a')], b: [stopped, '{}'] });
    expect(seen.cluster).toEqual({ state: 'unknown', why: 'no control plane answered: why a; b: reading version failed' });
  });

  it('is unknown where no machine is a control plane', async () => {
    const seen = await ask({ w: [worker, answer] });
    expect(seen).toEqual({ asked: [], cluster: { state: 'unknown', why: 'no machine that was reached is a control plane' } });
  });
});
