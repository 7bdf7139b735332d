import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Blob, Host } from '../../src/hosts/host.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { containing, startHostBench } from './host-bench.ts';

const MIB = 1024 * 1024;
let bench: HostBench;
let opened: OpenSshHosts & { readonly host: Host };
const { signal } = new AbortController();

beforeAll(async () => {
  bench = await startHostBench();
  mkdirSync(join(bench.layout.stateDir, 'blobs'), { recursive: true });
});
afterAll(() => bench.close());
beforeEach(() => {
  opened = bench.open();
});
afterEach(() => opened[Symbol.asyncDispose]());

function blob(sizeBytes: number): Blob {
  const bytes = randomBytes(sizeBytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(bench.root, `${sha256}.local`);
  writeFileSync(path, bytes);
  return { sha256, sizeBytes, path };
}

function remote(sha256: string): string {
  return join(bench.layout.stateDir, 'blobs', sha256);
}

/** Is the blob there, whole, private, and nothing beside it? */
function isStored({ sha256, path }: Blob): boolean {
  const beside = readdirSync(join(bench.layout.stateDir, 'blobs')).filter((name) => name.startsWith(`${sha256}.`));
  return beside.length === 0 && (statSync(remote(sha256)).mode & 0o777) === 0o600 && readFileSync(remote(sha256)).equals(readFileSync(path));
}

test('a blob is stored under its digest, in one round trip, with progress', async () => {
  const sent = blob(3 * MIB);
  const progress: number[] = [];
  await opened.host.upload(sent, { signal, onProgress: (bytes) => progress.push(bytes) });
  expect(isStored(sent)).toBe(true);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(sent.sizeBytes);
  expect(progress.length).toBeGreaterThan(3);
  expect(opened.host.traffic().roundTrips).toBe(1);
});

test('what is there is not sent again', async () => {
  const sent = blob(MIB);
  await opened.host.upload(sent, { signal });
  const before = opened.host.traffic().bytesSent;
  await opened.host.upload(sent, { signal });
  expect(opened.host.traffic().bytesSent - before).toBeLessThan(10_000);
});

test('an empty blob can be stored', async () => {
  const sent = blob(0);
  await opened.host.upload(sent, { signal });
  expect(isStored(sent)).toBe(true);
});

test('a part is gone on with from where it ends', async () => {
  const sent = blob(2 * MIB);
  writeFileSync(`${remote(sent.sha256)}.part`, readFileSync(sent.path).subarray(0, MIB + 17));
  await opened.host.upload(sent, { signal });
  expect(isStored(sent)).toBe(true);
  expect(opened.host.traffic().bytesSent).toBeLessThan(MIB + 10_000);
});

test.each([MIB, 3 * MIB])('a corrupt part of %i bytes is thrown away and the blob sent once more', async (size) => {
  const sent = blob(2 * MIB);
  writeFileSync(`${remote(sent.sha256)}.part`, randomBytes(size));
  await opened.host.upload(sent, { signal });
  expect(isStored(sent)).toBe(true);
});

test('a connection cut in mid-transfer is taken up again at the byte it reached', async () => {
  const sent = blob(24 * MIB);
  let received = 0;
  bench.server.onReceived = (bytes) => {
    received += bytes;
    if (received > 10 * MIB && received - bytes <= 10 * MIB) bench.server.cut();
  };
  await opened.host.upload(sent, { signal });
  bench.server.onReceived = () => undefined;
  expect(isStored(sent)).toBe(true);
  expect(opened.host.traffic().roundTrips).toBe(2);
});

test('a file that is not what its digest says is refused, and nothing of it stays', async () => {
  const sent = blob(MIB);
  writeFileSync(sent.path, randomBytes(MIB));
  await expect(opened.host.upload(sent, { signal })).rejects.toMatchObject({ code: 'artifact-failed', message: containing('does not have the digest') });
  expect(existsSync(remote(sent.sha256))).toBe(false);
  await expect(opened.host.upload({ ...sent, sizeBytes: 5 }, { signal })).rejects.toMatchObject({ code: 'artifact-failed' });
});

test('a host that cannot write it says why', async () => {
  const sent = blob(MIB);
  mkdirSync(`${remote(sent.sha256)}.part`);
  await expect(opened.host.upload(sent, { signal })).rejects.toMatchObject({ code: 'remote-failed', details: [containing('.part')] });
});

test('several uploads to one host at once, two of the same blob', async () => {
  const [one, two] = [blob(4 * MIB), blob(4 * MIB)];
  await Promise.all([one, two, one, two].map((sent) => opened.host.upload(sent, { signal })));
  expect(isStored(one)).toBe(true);
  expect(isStored(two)).toBe(true);
});

test('a writer whose connection died unnoticed is put aside', async () => {
  const sent = blob(2 * MIB);
  const part = `${remote(sent.sha256)}.part`;
  // What such a writer is on the host: a shell that holds the part and waits for bytes that never come.
  const writer = spawn('sh', ['-c', `exec 8>>${part}; flock -n 8; echo $$ > ${remote(sent.sha256)}.pid; echo held; head -c 10 >&8`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(writer, 'close');
  await once(writer.stdout, 'data');
  await opened.host.upload(sent, { signal });
  expect(isStored(sent)).toBe(true);
  expect(await ended).toEqual([null, 'SIGTERM']);
});

test('an abort ends an upload, the next goes on with it', async () => {
  const sent = blob(24 * MIB);
  const controller = new AbortController();
  const uploading = opened.host.upload(sent, { signal: controller.signal, onProgress: (bytes) => void (bytes > 8 * MIB && controller.abort()) });
  await expect(uploading).rejects.toMatchObject({ code: 'interrupted' });
  await opened.host.upload(sent, { signal });
  expect(isStored(sent)).toBe(true);
});
