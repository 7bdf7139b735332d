import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { statusScript } from '../facts/observe/status-view.ts';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import type { Host } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { pollUntil } from '../util/poll.ts';
import { observeStatus } from './observe-status.ts';
import { readingHost } from './testing/reading-host.ts';

const own = encoded(recorded('control-plane'));
const cluster = encoded(recorded('cluster'));
const worker = readingHost('w-1', (script) => (script === statusScript() ? cluster : encoded(recorded('worker'))));
const noMembers = encoded({ ...recorded('cluster'), 'members.exit': '1', 'members.error': 'etcd is down' });

/** A control plane that says this about the cluster. */
function controlPlane(name: string, answer: string | (() => never) = cluster): Host {
  return readingHost(name, (script) => (script === statusScript() ? (typeof answer === 'string' ? answer : answer()) : own));
}

/** A machine that takes a connection and says nothing. */
function silent(name: string): Host {
  return { ...readingHost(name, () => ''), read: (_script, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))) };
}

/** A control plane that tells of itself, and whose API server takes a request and says nothing. */
function hanging(name: string): Host {
  const host = controlPlane(name);
  return { ...host, read: (script, options) => (script === statusScript() ? silent(name) : host).read(script, options) };
}

function look(hosts: readonly Host[], { patienceMs = 20_000, signal = new AbortController().signal } = {}) {
  return observeStatus({ fleet: new Map(hosts.map((host) => [laneId(host.target.name), host])), probes: () => [], signal, patienceMs });
}

describe('observeStatus', () => {
  it('sees the cluster through a control plane that answers, beside one that is silent, within its budget', async () => {
    const { hosts, cluster: seen } = await look([silent('cp-1'), controlPlane('cp-2')], { patienceMs: 200 });
    expect(seen).toMatchObject({ state: 'known', value: { via: 'cp-2', version: 'v1.36.3' } });
    expect(hosts).toMatchObject({ 'cp-1': { state: 'unknown', why: 'no answer within 0.2 s of the last one of any machine' }, 'cp-2': { state: 'known' } });
  });

  it('gives each control plane that is asked for the cluster its own time: one that hangs hides nothing', async () => {
    const seen = await look([hanging('cp-1'), hanging('cp-2'), controlPlane('cp-3')], { patienceMs: 100 });
    expect(seen).toMatchObject({ hosts: { 'cp-1': { state: 'known' }, 'cp-2': { state: 'known' } }, cluster: { state: 'known', value: { via: 'cp-3' } } });
    expect((await look([hanging('cp-1')], { patienceMs: 50 })).cluster).toEqual({
      state: 'unknown',
      why: 'no control plane answered: cp-1 gave no answer about the cluster within 0.05 s of the last one of any machine',
    });
  });

  it('waits for control planes that hang together: two cost no more than one', async () => {
    const asked: string[] = [];
    /** Answers nothing before the other one has been asked, too. */
    const waiting = (name: string): Host => {
      const host = controlPlane(name);
      const untilBoth = async (): Promise<string> => {
        asked.push(name);
        await pollUntil(() => Promise.resolve(asked.length === 2 ? true : undefined), {
          what: 'both to be asked',
          deadlineMs: 5000,
          everyMs: 5,
          signal: new AbortController().signal,
        });
        throw new AppError('remote-failed', `${name} hung`);
      };
      return { ...host, read: (script, options) => (script === statusScript() ? untilBoth() : host.read(script, options)) };
    };
    const seen = await look([waiting('cp-1'), waiting('cp-2')], { patienceMs: 800 });
    expect(seen.cluster).toEqual({ state: 'unknown', why: `no control plane answered: ${asked[0]} hung; ${asked[1]} hung` });
  });

  it('goes on to the next control plane, and asks no worker', async () => {
    const broken = controlPlane('cp-1', () => {
      throw new AppError('remote-failed', 'no API server');
    });
    expect((await look([broken, controlPlane('cp-2')])).cluster).toMatchObject({ state: 'known', value: { via: 'cp-2' } });
    expect((await look([broken, worker])).cluster).toEqual({ state: 'unknown', why: 'no control plane answered: no API server' });
  });

  it('prefers an answer with the members of etcd, and takes one without', async () => {
    expect((await look([controlPlane('cp-1', noMembers), controlPlane('cp-2')])).cluster).toMatchObject({ value: { etcdMembers: { state: 'known' } } });
    expect((await look([controlPlane('cp-1', noMembers)])).cluster).toMatchObject({
      state: 'known',
      value: { via: 'cp-1', etcdMembers: { state: 'unknown', why: 'etcd is down' } },
    });
  });

  it('says when no control plane was reached', async () => {
    expect((await look([silent('cp-1')], { patienceMs: 50 })).cluster).toEqual({ state: 'unknown', why: 'no machine that was reached is a control plane' });
  });

  it('ends at once when it is told to stop', async () => {
    const stop = new AbortController();
    const looking = look([silent('cp-1'), controlPlane('cp-2')], { signal: stop.signal });
    stop.abort();
    await expect(looking).rejects.toThrow('aborted');
  });
});
