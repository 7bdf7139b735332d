import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Host, HostTarget, RunEvent, RunRequest } from '../../src/hosts/host.ts';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostLayout } from '../../src/shell/host-layout.ts';
import { hostLayout } from '../../src/shell/host-layout.ts';
import { markerFunctions } from '../../src/shell/markers.ts';
import type { SshTestServer } from './ssh-test-server.ts';
import { startSshTestServer } from './ssh-test-server.ts';

/** Stands for systemd, which need not be process 1 where the tests run: starts the command apart and runs `ExecStopPost` at its end. */
const SYSTEMD_RUN = `#!/bin/sh
while [ "$#" -gt 0 ]; do
  case $1 in
    -p) shift; case $1 in ExecStopPost=*) stop=\${1#ExecStopPost=} ;; esac ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
export stop
setsid --fork sh -c '"$@"; SERVICE_RESULT=signal $stop' unit "$@" < /dev/null > /dev/null 2>&1
`;

/** A host under a root of its own, and what is needed to reach it. */
export interface HostBench {
  readonly root: string;
  readonly layout: HostLayout;
  readonly server: SshTestServer;
  readonly target: HostTarget;
  /** Opens the host as a new process of the tool would. */
  open(overrides?: Partial<HostTarget>, reconnectMs?: number): OpenSshHosts & { readonly host: Host };
  close(): Promise<void>;
}

/** `loginPath`: where a login finds programs, given the host's root. */
export async function startHostBench(loginPath: (root: string) => string = () => hostLayout.path): Promise<HostBench> {
  const root = mkdtempSync(join(tmpdir(), 'kw-bench-'));
  const layout = { runDir: join(root, 'run'), stateDir: join(root, 'state'), path: `${join(root, 'bin')}:${hostLayout.path}` };
  mkdirSync(join(root, 'bin'));
  program(root, 'systemd-run', SYSTEMD_RUN);
  program(root, 'systemctl', '#!/bin/sh\nexit 3\n');
  const authorizedKey = makeKey(join(root, 'id'));
  const hostPublicKey = makeKey(join(root, 'host-key'));
  const server = await startSshTestServer({ authorizedKey, hostKey: readFileSync(join(root, 'host-key'), 'utf8'), path: loginPath(root) });
  const knownHostsFile = join(root, 'known_hosts');
  writeFileSync(knownHostsFile, `[127.0.0.1]:${server.port} ${hostPublicKey}\n`);
  const target = { name: 'cp-1', address: '127.0.0.1', user: 'root', port: server.port, identityFile: join(root, 'id'), knownHostsFile };
  const open = (overrides: Partial<HostTarget> = {}, reconnectMs = 20_000) => {
    const opened = openSshHosts([{ ...target, ...overrides }], {
      signal: new AbortController().signal,
      layout,
      patience: { reconnectMs },
    });
    return { ...opened, host: opened.hosts.get('cp-1')! };
  };
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  return { root, layout, server, target, open, close };
}

/** Makes a key pair of files and gives the public half. */
export function makeKey(path: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

/** Puts a program into the host's `bin`. */
export function program(root: string, name: string, text: string): void {
  writeFileSync(join(root, 'bin', name), text);
  chmodSync(join(root, 'bin', name), 0o755);
}

/** A request with what a test leaves open filled in; the marker functions stand before the script. */
export function request(script: string, rest: Partial<RunRequest> = {}): RunRequest {
  return { fence: { runId: 'r-1', token: 1 }, stepId: 'cp-1/step', inputs: new Map(), mode: 'detached', deadlineMs: 30_000, ...rest, script: `${markerFunctions}\n${script}` };
}

export async function collect(events: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export function linesOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'output' ? [event.line] : []));
}

export function exitCodeOf(events: readonly RunEvent[]): number | undefined {
  const last = events.at(-1);
  return last?.type === 'exited' ? last.exitCode : undefined;
}

/** For `toMatchObject`: a string with these words in it. */
export function containing(words: string): unknown {
  return expect.stringContaining(words);
}
