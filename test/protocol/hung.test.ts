import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Blob, Host, LockHolder } from '../../src/hosts/host.ts';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { collect, containing, request, startHostBench } from './host-bench.ts';

/** A host that answers the connection and nothing else: its programs hang. */
let bench: HostBench;
const { signal } = new AbortController();
const MIB = 1024 * 1024;

beforeAll(async () => {
  bench = await startHostBench();
});
afterAll(() => bench.close());
afterEach(() => ['flock', 'head'].forEach((name) => rmSync(join(bench.root, 'bin', name), { force: true })));

function replace(name: string, script: string): void {
  const path = join(bench.root, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

async function impatiently<T>(use: (host: Host) => Promise<T>): Promise<T> {
  const patience = { lockMs: 1000, stallMs: 1000, endMs: 500 };
  await using opened = openSshHosts([bench.target], { signal, layout: bench.layout, patience });
  return await use(opened.hosts.get('cp-1')!);
}

function blob(sizeBytes: number): Blob {
  const bytes = randomBytes(sizeBytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(bench.root, `${sha256}.local`);
  writeFileSync(path, bytes);
  return { sha256, sizeBytes, path };
}

const holder: LockHolder = { runId: 'r', token: 1, owner: 'ops@desk pid 1', since: '', expires: new Date(Date.now() + 60_000).toISOString() };
const hung = { code: 'host-unreachable', retry: 'safe', hint: containing('ssh ') };

test('a lock that is not answered ends in an error, and so does giving one back', async () => {
  replace('flock', 'exec sleep 4');
  const message = 'cp-1 (127.0.0.1) is connected and did not answer within 1 s when it was asked for its lock';
  await expect(impatiently((host) => host.lock(holder, signal))).rejects.toMatchObject({ ...hung, message });
  await expect(impatiently((host) => host.unlock({ runId: 'r', token: 1 }, signal))).rejects.toMatchObject(hung);
});

test.each(['attached', 'detached'] as const)('a script whose end the machine never tells ends in an error: %s', async (mode) => {
  replace('flock', 'exec sleep 4');
  const running = impatiently((host) => collect(host.run(request('true', { mode, deadlineMs: 250 }), signal)));
  await expect(running).rejects.toMatchObject({ ...hung, message: 'cp-1 (127.0.0.1) is connected and did not end cp-1/step within 1 s, though it should have ended it itself' });
});

test('an upload of which nothing is taken ends in an error', async () => {
  replace('head', 'exec sleep 8');
  const message = containing('cp-1 (127.0.0.1) is connected and took nothing more of blob ');
  await expect(impatiently((host) => host.upload(blob(8 * MIB), { signal }))).rejects.toMatchObject({ ...hung, message });
});

test('an upload that is slow and goes on does not', async () => {
  replace('head', 'n=0; while [ $n -lt 12 ]; do dd bs=256k count=1 iflag=fullblock status=none; sleep 0.2; n=$((n + 1)); done');
  const sent = blob(3 * MIB);
  await impatiently((host) => host.upload(sent, { signal }));
  expect(readFileSync(join(bench.layout.stateDir, 'blobs', sent.sha256)).equals(readFileSync(sent.path))).toBe(true);
});

test('a request of whoever was interrupted is not taken for one that a host did not answer', async () => {
  replace('flock', 'exec sleep 4');
  await expect(impatiently((host) => host.lock(holder, AbortSignal.timeout(300)))).rejects.toMatchObject({ code: 'interrupted' });
});
