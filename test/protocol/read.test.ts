import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../src/hosts/host.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { containing, startHostBench } from './host-bench.ts';

let bench: HostBench;
let opened: OpenSshHosts & { readonly host: Host };
const options = { signal: new AbortController().signal, timeoutMs: 10_000 };

beforeAll(async () => {
  bench = await startHostBench();
  opened = bench.open();
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await bench.close();
});

test('a script gives its output in one round trip, byte for byte', async () => {
  const before = opened.host.traffic();
  expect(await opened.host.read(`printf 'ä\\nno newline at the end'`, options)).toBe('ä\nno newline at the end');
  expect(await opened.host.read(`printf 'a\\n\\n'`, options)).toBe('a\n\n');
  expect(await opened.host.read(':', options)).toBe('');
  const after = opened.host.traffic();
  expect(after.roundTrips - before.roundTrips).toBe(3);
  expect(after.bytesSent).toBeGreaterThan(before.bytesSent);
  expect(after.bytesReceived).toBeGreaterThan(before.bytesReceived);
  expect(bench.server.connections()).toBe(1);
});

test('a child that reads standard input finds it empty and swallows nothing', async () => {
  expect(await opened.host.read('cat; echo after', options)).toBe('after\n');
});

test('scripts run with an empty environment', async () => {
  expect(await opened.host.read('env | sort', options)).toBe(`HOME=/root\nLC_ALL=C\nPATH=${bench.layout.path}\nPWD=/\n`);
});

test('nothing of a request is in the remote command', async () => {
  await opened.host.read('echo very-special-word', options);
  expect(new Set(bench.server.commands).size).toBe(1);
  expect(bench.server.commands.join()).not.toContain('very-special-word');
});

test.each([1, 127, 255])("exit code %i is the script's, with what it said", async (code) => {
  await expect(opened.host.read(`echo words >&2; exit ${code}`, options)).rejects.toMatchObject({
    code: 'remote-failed',
    message: `a script on cp-1 ended with exit code ${code}`,
    details: ['words'],
  });
});

test('a script that does not end is stopped', async () => {
  await expect(opened.host.read('sleep 30', { ...options, timeoutMs: 500 })).rejects.toMatchObject({ code: 'remote-failed', message: 'a script on cp-1 did not end within 1 s' });
});

test('an endless answer is refused', async () => {
  await expect(opened.host.read('yes', options)).rejects.toMatchObject({ code: 'remote-failed', message: containing('more than 16777216 bytes') });
});

test('an abort ends a read', async () => {
  const controller = new AbortController();
  const reading = opened.host.read('sleep 2', { signal: controller.signal, timeoutMs: 60_000 });
  reading.catch(() => undefined);
  await opened.host.read(':', options);
  controller.abort();
  await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
});

test('more reads at once than a host takes sessions all end', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => opened.host.read(`echo ${index}`, options)));
  expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\n`));
});

test('an abort ends the wait for a session too, and leaves the session to others', async () => {
  const working = Array.from({ length: 8 }, () => opened.host.read('sleep 2', options));
  const controller = new AbortController();
  const waiting = opened.host.read('echo never', { ...options, signal: controller.signal });
  const next = opened.host.read('echo next', options);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  expect(await Promise.race([next, Promise.resolve('the others still work')])).toBe('the others still work');
  await Promise.all(working);
  expect(await next).toBe('next\n');
});

test('a connection that died between two reads is made anew', async () => {
  await opened.host.read(':', options);
  bench.server.cut();
  expect(await opened.host.read('echo again', options)).toBe('again\n');
});
