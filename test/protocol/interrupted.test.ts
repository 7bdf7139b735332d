import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollUntil } from '../../src/util/poll.ts';

const root = join(import.meta.dirname, '../..');
const { signal } = new AbortController();
/** Far below ssh's own patience (10 s to connect), far above what a busy machine takes to end a process. */
const AT_ONCE_MS = 5000;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubewright-interrupted-'));
  mkdirSync(join(directory, 'bin'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function clusterFile(): string {
  const minimal = readFileSync(join(root, 'examples/minimal.yaml'), 'utf8');
  const file = join(directory, 'cluster.yaml');
  writeFileSync(file, minimal.replaceAll(/address: [\d.]+/g, 'address: 10.88.250.11'));
  return file;
}

/** Starts the tool, asks it to stop as soon as `isConnecting`, and gives its end. */
async function stopWhileConnecting(command: string, isConnecting: () => boolean, path: string) {
  const tool = spawn(join(root, 'bin/kubewright'), [command, '-f', clusterFile()], {
    cwd: directory,
    env: { ...process.env, PATH: path, XDG_STATE_HOME: join(directory, 'state'), KUBEWRIGHT_CACHE: join(directory, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  tool.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(tool, 'close') as Promise<[number | null]>;
  await pollUntil(async () => isConnecting() || undefined, { what: 'ssh to be started', why: () => [stderr], deadlineMs: 20_000, signal });
  const askedAt = performance.now();
  tool.kill('SIGINT');
  const [exitCode] = await ended;
  return { exitCode, stderr, tookMs: performance.now() - askedAt };
}

/** Processes that a fake ssh noted and that still live. */
function alive(): readonly number[] {
  const pids = readFileSync(join(directory, 'pids'), 'utf8').trim().split(/\s+/).map(Number);
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  });
}

describe('the first Ctrl-C while machines are only being looked at', () => {
  it.each(['plan', 'verify', 'kubeconfig'])('ends %s at once, and with it an ssh that hangs, ignores signals and has children', async (command) => {
    const pids = join(directory, 'pids');
    const ssh = `#!/bin/sh\ntrap '' TERM INT\nsleep 300 &\necho $$ $! >> '${pids}'\nwait\nwait\n`;
    writeFileSync(join(directory, 'bin', 'ssh'), ssh, { mode: 0o755 });
    const { exitCode, tookMs } = await stopWhileConnecting(command, () => existsSync(pids), `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`);
    expect(exitCode).toBe(130);
    expect(tookMs).toBeLessThan(AT_ONCE_MS);
    expect(alive()).toEqual([]);
  });

  it('ends the real ssh at once that waits for a server without a word', async () => {
    const { server, port, connections } = await silentServer();
    const real = (process.env['PATH'] ?? '').split(':').find((entry) => existsSync(join(entry, 'ssh')));
    writeFileSync(join(directory, 'bin', 'ssh'), `#!/bin/sh\nexec '${real ?? ''}/ssh' -o HostName=127.0.0.1 -p ${port} "$@"\n`, { mode: 0o755 });
    try {
      const { exitCode, tookMs } = await stopWhileConnecting('plan', () => connections() > 0, `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`);
      expect(exitCode).toBe(130);
      expect(tookMs).toBeLessThan(AT_ONCE_MS);
    } finally {
      server.close();
    }
  });
});

async function silentServer(): Promise<{ readonly server: Server; readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, connections: () => connections };
}
