import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Host } from '../../src/hosts/host.ts';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import { hostLayout } from '../../src/shell/host-layout.ts';
import type { HostBench } from './host-bench.ts';
import { collect, containing, exitCodeOf, linesOf, program, request, startHostBench } from './host-bench.ts';

const RIGHT = "it's a 'right' word";
const { signal } = new AbortController();
const options = { signal, timeoutMs: 10_000 };

/** What sudo 1.9 says and does, as far as it was asked: `mode` says what its rules are. */
const sudo = (root: string): string => `#!/bin/sh
PATH=${hostLayout.path}
case $1 in -n) asks=no; shift 2 ;; *) asks=yes prompt=$3; shift 4 ;; esac
case $(cat ${root}/mode) in
  forbidden) echo 'ops is not in the sudoers file.' >&2; exit 1 ;;
  free) exec "$@" ;;
  terminal) echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1 ;;
esac
[ "$asks" = yes ] || { echo 'sudo: a password is required' >&2; exit 1; }
for try in 1 2 3; do
  printf %s "$prompt" >&2
  IFS= read -r word || { echo 'sudo: no password was provided' >&2; exit 1; }
  printf '%s\n' "$word" >> ${root}/tried
  case $(cat ${root}/mode) in
    words) echo 'sudo: PAM authentication error: Permission denied' >&2; exit 1 ;;
    nothing) exit 1 ;;
    lacking) echo 'ops is not in the sudoers file.' >&2; exit 1 ;;
  esac
  [ "$word" != "$(cat ${root}/right)" ] || exec "$@"
  echo 'Sorry, try again.' >&2
done
echo 'sudo: 3 incorrect password attempts' >&2
exit 1
`;

let bench: HostBench;
const file = (name: string): string => join(bench.root, name);

beforeAll(async () => {
  bench = await startHostBench((root) => join(root, 'bin'));
  for (const name of ['env', 'sh']) symlinkSync(`/usr/bin/${name}`, file(`bin/${name}`));
  writeFileSync(file('right'), `${RIGHT}\n`);
});
beforeEach(() => {
  program(bench.root, 'sudo', sudo(bench.root));
  rmSync(file('tried'), { force: true });
});
afterAll(() => bench.close());

function open(mode: string, sudoPassword?: string, others: readonly string[] = []): OpenSshHosts & { readonly host: Host } {
  writeFileSync(file('mode'), mode);
  const debugging = ['-o', 'LogLevel=DEBUG3', '-E', file('ssh.log')];
  const targets = ['cp-1', ...others].map((name) => ({ ...bench.target, name, user: 'ops' }));
  const opened = openSshHosts(targets, { signal: new AbortController().signal, layout: bench.layout, sshArguments: debugging, sudoPassword });
  return { ...opened, host: opened.hosts.get('cp-1')! };
}

/** Passwords that sudo was given, in order. */
function tried(): readonly string[] {
  return existsSync(file('tried')) ? readFileSync(file('tried'), 'utf8').split('\n').slice(0, -1) : [];
}

test.each([
  ['wants no password, and none is given', 'free', undefined, []],
  ['wants no password, and one is given', 'free', RIGHT, []],
  ['wants the password that is given', 'password', RIGHT, Array.from({ length: 4 }, () => RIGHT)],
])('a user whose sudo %s does all that root does', async (_, mode, password, given) => {
  await using opened = open(mode, password);
  expect(await opened.host.read('cat; echo read', options)).toBe('read\n');
  const inputs = new Map([['secret', Buffer.from('for the script')]]);
  for (const running of ['attached', 'detached'] as const) {
    const events = await collect(opened.host.run(request('cat "$KW_IN/secret"; echo', { mode: running, stepId: `cp-1/${mode}-${password}`, inputs }), signal));
    expect([linesOf(events), exitCodeOf(events)]).toEqual([['for the script'], 0]);
  }
  const bytes = Buffer.from(`${mode} ${password} \u0000\n`);
  writeFileSync(file('blob'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await opened.host.upload({ sha256, sizeBytes: bytes.length, path: file('blob') }, { signal });
  expect(readFileSync(join(bench.layout.stateDir, 'blobs', sha256))).toEqual(bytes);
  expect(tried()).toEqual(given);
  expect(bench.server.connections()).toBeGreaterThan(0);
});

test('the password is in no argument, no remote command and nothing that ssh logs', async () => {
  await using opened = open('password', RIGHT);
  const seen = await opened.host.read(`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`, options);
  const log = readFileSync(file('ssh.log'), 'utf8');
  expect(log).toContain('debug3');
  for (const text of [seen, log, bench.server.commands.join('\n')]) expect(text).not.toContain(RIGHT);
});

test('a wrong password is tried once for the host, whoever asks how often', async () => {
  await using opened = open('password', 'wrong');
  const failure = expect.objectContaining({
    code: 'sudo-refused',
    retry: 'never',
    message: 'cp-1 (127.0.0.1) did not take the sudo password of ops; it was tried once',
    hint: containing('--ask-sudo-password'),
    details: ['Sorry, try again.'],
  }) as unknown;
  const read = (): Promise<unknown> => opened.host.read(':', options).catch((error: unknown) => error);
  expect(await Promise.all(Array.from({ length: 5 }, read))).toEqual(Array.from({ length: 5 }, () => failure));
  expect(await read()).toEqual(failure);
  expect(tried()).toEqual(['wrong']);
});

test.each([
  ['in words that nobody knows', 'words', ['sudo: PAM authentication error: Permission denied']],
  ['without a word', 'nothing', []],
])('a sudo that ends %s after the password is told it once', async (_, mode, details) => {
  await using opened = open(mode, RIGHT);
  for (let time = 0; time < 2; time += 1) {
    await expect(opened.host.read(':', options)).rejects.toMatchObject({ code: 'sudo-refused', message: containing('did not take the sudo password of ops'), details });
  }
  expect(tried()).toEqual([RIGHT]);
});

const FLEET = ['cp-2', 'w-1'] as const;

test('a wrong password is told to one machine of all that a user logs in to', async () => {
  await using opened = open('password', 'wrong', FLEET);
  const read = (): Promise<readonly unknown[]> => Promise.all([...opened.hosts.values()].map((host) => host.read(':', options).catch((error: Error) => error.message)));
  const said = await read();
  expect(said).toHaveLength(3);
  expect(said.filter((message) => String(message).includes('did not take the sudo password of ops; it was tried once'))).toHaveLength(1);
  expect(said.filter((message) => /was not given the sudo password of ops: \S+ \(127\.0\.0\.1\) did not take it$/.test(String(message)))).toHaveLength(2);
  expect(await read()).toEqual(said);
  expect(tried()).toEqual(['wrong']);
});

test.each([
  ['takes it', 'password', 'read\n'],
  ['takes it and lets nobody become root', 'lacking', expect.stringContaining('does not let ops become root with sudo') as unknown],
])('all machines are told the password once the first %s', async (_, mode, end) => {
  await using opened = open(mode, RIGHT, FLEET);
  const said = await Promise.all([...opened.hosts.values()].map((host) => host.read('cat; echo read', options).catch((error: Error) => error.message)));
  expect(said).toEqual(Array.from({ length: 3 }, () => end));
  expect(tried()).toEqual(Array.from({ length: 3 }, () => RIGHT));
});

test.each([
  ['password', 'wants a password before ops becomes root with sudo', '--sudo-password-file FILE'],
  ['forbidden', 'does not let ops become root with sudo', 'visudo: ops ALL=(ALL:ALL) ALL'],
  ['terminal', 'lets ops use sudo on a terminal only', '!requiretty'],
])('%s: without a password it is told what is lacking, and nothing is tried', async (mode, words, remedy) => {
  await using opened = open(mode);
  await expect(opened.host.read(':', options)).rejects.toMatchObject({ code: 'sudo-refused', message: `cp-1 (127.0.0.1) ${words}`, hint: containing(remedy) });
  expect(tried()).toEqual([]);
});

test.each([undefined, RIGHT])('a machine without sudo, password %s', async (password) => {
  rmSync(file('bin/sudo'));
  await using opened = open('free', password);
  await expect(opened.host.read(':', options)).rejects.toMatchObject({
    code: 'sudo-refused',
    message: 'cp-1 (127.0.0.1) has no program sudo',
    hint: containing('install sudo there'),
  });
});

test('a user who may not become root is told so when a password is given too', async () => {
  await using opened = open('forbidden', RIGHT);
  await expect(opened.host.read(':', options)).rejects.toMatchObject({ code: 'sudo-refused', message: containing('does not let ops become root') });
});

test('a connection that is lost before sudo has answered is made anew', async () => {
  await using opened = open('password', RIGHT);
  await opened.host.read(':', options);
  bench.server.cut();
  expect(await opened.host.read('echo again', options)).toBe('again\n');
});
