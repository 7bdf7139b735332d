import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostTarget } from '../../src/hosts/host.ts';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { containing, makeKey, startHostBench } from './host-bench.ts';

let bench: HostBench;
const { signal } = new AbortController();

beforeAll(async () => {
  bench = await startHostBench();
});
afterAll(() => bench.close());

async function failure(overrides: Partial<HostTarget>): Promise<unknown> {
  await using opened = bench.open(overrides);
  return await opened.host.read(':', { signal, timeoutMs: 5000 }).catch((error: unknown) => error);
}

function knownHosts(name: string, key: string): string {
  const path = join(bench.root, name);
  writeFileSync(path, key === '' ? '' : `[127.0.0.1]:${bench.server.port} ${key}\n`);
  return path;
}

test('an unknown host key', async () => {
  const knownHostsFile = knownHosts('known_none', '');
  expect(await failure({ knownHostsFile })).toMatchObject({
    code: 'host-unreachable',
    retry: 'never',
    message: expect.stringMatching(/^cp-1 \(127\.0\.0\.1:\d+\) has a host key that is not known here$/) as string,
    hint: `add the host key to ${knownHostsFile}`,
  });
});

test("an unknown host key with the user's own configuration", async () => {
  const { knownHostsFile: _, ...target } = bench.target;
  const empty = knownHosts('known_empty', '');
  await using opened = openSshHosts([target], { signal, sshArguments: ['-o', `UserKnownHostsFile=${empty}`] });
  await expect(opened.hosts.get('cp-1')!.read(':', { signal, timeoutMs: 5000 })).rejects.toMatchObject({
    message: containing('not known here'),
    hint: containing('log in once and check the key that ssh shows: ssh '),
  });
});

test('a changed host key', async () => {
  expect(await failure({ knownHostsFile: knownHosts('known_other', makeKey(join(bench.root, 'other-host'))) })).toMatchObject({
    code: 'host-unreachable',
    retry: 'never',
    message: containing('shows another host key'),
    hint: containing(`ssh-keygen -R '[127.0.0.1]:${bench.server.port}'`),
  });
});

test('a key that may not log in', async () => {
  const identityFile = join(bench.root, 'other-id');
  makeKey(identityFile);
  expect(await failure({ identityFile })).toMatchObject({
    code: 'host-unreachable',
    retry: 'never',
    message: expect.stringMatching(/^cp-1 \(127\.0\.0\.1:\d+\) refused the login$/) as string,
    hint: containing(`IdentityFile=${identityFile}`),
  });
});

test('a name that does not resolve', async () => {
  expect(await failure({ address: 'no-such-host.invalid' })).toMatchObject({ code: 'host-unreachable', message: containing('its name does not resolve') });
});

test('nobody listens', async () => {
  await using opened = openSshHosts([{ ...bench.target, port: 1 }], { signal });
  await expect(opened.hosts.get('cp-1')!.read(':', { signal, timeoutMs: 5000 })).rejects.toMatchObject({
    code: 'host-unreachable',
    retry: 'safe',
    message: expect.stringMatching(/^cp-1 \(127\.0\.0\.1:\d+\) refused the connection$/) as string,
  });
});

test('a server that hangs up', async () => {
  bench.server.refuse(1);
  expect(await failure({})).toMatchObject({
    code: 'host-unreachable',
    retry: 'safe',
    message: expect.stringMatching(/^cp-1 \(127\.0\.0\.1:\d+\) closed the connection$/) as string,
  });
});

test('a host without the tools that a request needs', async () => {
  await using opened = openSshHosts([bench.target], { signal, layout: { ...bench.layout, path: '/nonexistent' } });
  await expect(opened.hosts.get('cp-1')!.read(':', { signal, timeoutMs: 5000 })).rejects.toMatchObject({ code: 'remote-failed', details: [containing('not found')] });
});

test('an abort closes the connections, and so does disposing', async () => {
  const controller = new AbortController();
  await using aborted = openSshHosts([bench.target], { signal: controller.signal });
  await aborted.hosts.get('cp-1')!.read(':', { signal, timeoutMs: 5000 });
  const disposed = bench.open();
  await disposed.host.read(':', { signal, timeoutMs: 5000 });
  expect(masters()).toBe(2);
  controller.abort();
  await aborted[Symbol.asyncDispose]();
  expect(masters()).toBe(1);
  await disposed[Symbol.asyncDispose]();
  expect(masters()).toBe(0);
});

/** Masters of this test's server, by the key that only they use. */
function masters(): number {
  return execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith('ssh') && line.includes(bench.target.identityFile ?? '')).length;
}

/** A machine that takes connections and says nothing. */
async function mute(onTaken: () => void = () => undefined): Promise<{ readonly port: number } & Disposable> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    onTaken();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port, [Symbol.dispose]: close };
}

test('a machine that takes the connection and says nothing is not waited for when nobody wants its answer any more', async () => {
  const taken = new AbortController();
  using machine = await mute(() => taken.abort());
  const began = performance.now();
  {
    await using opened = openSshHosts([{ ...bench.target, port: machine.port }], { signal });
    await expect(opened.hosts.get('cp-1')!.read(':', { signal: taken.signal, timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'interrupted' });
  }
  // ssh itself would wait for ten seconds.
  expect(performance.now() - began).toBeLessThan(8000);
});

test('a machine has so long to take the connection, when a command that only looks asks it', async () => {
  using machine = await mute();
  const began = performance.now();
  await using opened = openSshHosts([{ ...bench.target, port: machine.port }], { signal, connectSeconds: 1 });
  await expect(opened.hosts.get('cp-1')!.read(':', { signal, timeoutMs: 60_000 })).rejects.toMatchObject({
    code: 'host-unreachable',
    message: expect.stringMatching(/^cp-1 \(127\.0\.0\.1:\d+\) did not answer in time$/) as string,
  });
  expect(performance.now() - began).toBeLessThan(8000);
});
