import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host, LockHolder } from '../../src/hosts/host.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { collect, containing, exitCodeOf, linesOf, request, startHostBench } from './host-bench.ts';

let bench: HostBench;
let opened: OpenSshHosts & { readonly host: Host };
const { signal } = new AbortController();

beforeEach(async () => {
  bench = await startHostBench();
  opened = bench.open();
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await bench.close();
});

function holder(runId: string, token: number, ttlMs = 60_000): LockHolder {
  return { runId, token, owner: `o'tool@desk 4711 "apply"`, since: '2026-01-02T03:04:05.000Z', expires: new Date(Date.now() + ttlMs).toISOString() };
}

test('a lock is taken, renewed, refused to others, given back', async () => {
  const { host } = opened;
  const mine = holder('run/1', 4);
  expect(await host.lock(mine, signal)).toEqual({ taken: true });
  expect(await host.lock(holder('run/1', 4), signal)).toEqual({ taken: true });
  expect(await host.lock(holder('run/2', 9), signal)).toMatchObject({ taken: false, held: true, holder: { runId: 'run/1', owner: mine.owner } });
  await host.unlock({ runId: 'run/2', token: 9 }, signal);
  expect(await host.lock(holder('run/2', 9), signal)).toMatchObject({ taken: false });
  await host.unlock({ runId: 'run/1', token: 4 }, signal);
  expect(await host.lock(holder('run/2', 9), signal)).toEqual({ taken: true, before: 4 });
  expect(await host.lock(holder('run/2', 9), signal)).toEqual({ taken: true });
});

test('numbers only rise, after expiry and giving back too', async () => {
  const { host } = opened;
  expect(await host.lock(holder('a', 5, 0), signal)).toEqual({ taken: true });
  expect(await host.lock(holder('b', 5), signal)).toMatchObject({ taken: false, held: false, holder: { token: 5 } });
  expect(await host.lock(holder('b', 6), signal)).toEqual({ taken: true, before: 5 });
  await host.unlock({ runId: 'b', token: 6 }, signal);
  expect(await host.lock(holder('a', 5), signal)).toMatchObject({ taken: false, held: false, holder: { token: 6 } });
  expect(await host.lock(holder('a', 7), signal)).toEqual({ taken: true, before: 6 });
});

test('a lock is taken over where its run is named, with a higher number alone', async () => {
  const { host } = opened;
  await host.lock(holder('run/1', 4), signal);
  expect(await host.lock(holder('run/2', 9), signal, 'run/3')).toMatchObject({ taken: false, held: true, holder: { runId: 'run/1' } });
  expect(await host.lock(holder('run/2', 4), signal, 'run/1')).toMatchObject({ taken: false, held: false, holder: { runId: 'run/1' } });
  expect(await host.lock(holder('run/2', 5), signal, 'run/1')).toEqual({ taken: true, before: 4 });
  expect(await host.lock(holder('run/1', 4), signal)).toMatchObject({ taken: false, held: true, holder: { runId: 'run/2' } });
  const run = collect(host.run(request(`touch ${bench.root}/touched`, { mode: 'detached', fence: { runId: 'run/1', token: 4 } }), signal));
  await expect(run).rejects.toMatchObject({ code: 'locked' });
});

test('the lock file is private JSON, with the holder', async () => {
  const mine = holder('a', 1);
  await opened.host.lock(mine, signal);
  const path = join(bench.layout.stateDir, 'lock.json');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ token: 1, runId: 'a', holder: mine });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(bench.layout.stateDir).mode & 0o777).toBe(0o700);
});

test('of two that want it at once one gets it', async () => {
  const answers = await Promise.all([holder('a', 1), holder('b', 2), holder('c', 3), holder('d', 4)].map((each) => opened.host.lock(each, signal)));
  expect(answers.filter(({ taken }) => taken)).toHaveLength(1);
});

test.each(['detached', 'attached'] as const)('a %s script of a lower number, or beside the holder, is refused', async (mode) => {
  const { host } = opened;
  await host.lock(holder('new', 8), signal);
  for (const fence of [
    { runId: 'old', token: 7 },
    { runId: 'other', token: 8 },
    { runId: 'other', token: 9 },
  ]) {
    const run = collect(host.run(request(`touch ${bench.root}/touched`, { mode, fence }), signal));
    await expect(run).rejects.toMatchObject({ code: 'locked', message: containing(`cp-1 is in the hands of another run: o'tool@desk 4711 "apply", number 8`) });
  }
  expect(() => statSync(join(bench.root, 'touched'))).toThrow('ENOENT');
  expect(exitCodeOf(await collect(host.run(request(':', { mode, fence: { runId: 'new', token: 8 } }), signal)))).toBe(0);
});

test('a script that waited while its run was overtaken is refused, and may run once the lock is its own', async () => {
  const { host } = opened;
  await host.lock(holder('old', 1, 0), signal);
  const go = join(bench.root, 'go');
  const first = host
    .run(request(`echo ready; n=0; until [ -e ${go} ] || [ $n -ge 500 ]; do n=$((n+1)); sleep 0.02; done`, { fence: { runId: 'old', token: 1 } }), signal)
    [Symbol.asyncIterator]();
  await first.next();
  const waiting = collect(host.run(request(`touch ${bench.root}/touched`, { fence: { runId: 'old', token: 1 }, stepId: 'second' }), signal));
  waiting.catch(() => undefined);
  await host.read(`until [ -e ${bench.layout.runDir}/runs/old/second/pid ]; do sleep 0.02; done`, { signal, timeoutMs: 5000 });
  await host.lock(holder('new', 2), signal);
  await host.read(`touch ${go}`, { signal, timeoutMs: 5000 });
  await expect(waiting).rejects.toMatchObject({ code: 'locked' });
  expect(() => statSync(join(bench.root, 'touched'))).toThrow('ENOENT');
  await host.unlock({ runId: 'new', token: 2 }, signal);
  await host.lock(holder('old', 3), signal);
  const again = request('echo ran', { fence: { runId: 'old', token: 3 }, stepId: 'second' });
  expect(linesOf(await collect(host.run(again, signal)))).toEqual(['ran']);
});
