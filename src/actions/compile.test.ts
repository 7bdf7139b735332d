import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Planned } from '../plan/plan.ts';
import { sha256 } from '../util/sha256.ts';
import type { Action } from './action.ts';
import {} from './compile.ts';
import { DRIFTED_EXIT } from './kind.ts';
import type { FileWas } from './kinds/file.ts';
import { FakeRoot } from './testing/run-compiled.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const OWNER = `${userInfo().username}:${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}`;
const goal = (action: Action): Planned<Action> => ({ role: 'goal', action });
const NEW = 'new bytes\n';

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
  root.standIn('chown');
});
afterEach(() => root.remove());

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const write = (path: string, was: FileWas = { absent: true }, mode = '640'): Planned<Action> =>
  goal({ kind: 'file', path, mode, owner: OWNER, content: [{ text: sha256(NEW) }], was });
const remove = (path: string, secret = false): Planned<Action> => goal({ kind: 'absent', path, because: 'it must go', secret });
const values = { [sha256(NEW)]: NEW };
const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

describe('one script', () => {
  it('tells of each action before and after it', () => {
    const { exitCode, markers } = root.run([write(root.at('a')), write(root.at('b'))], values);
    expect(exitCode).toBe(0);
    expect(markers).toEqual([
      { type: 'started', index: 0 },
      { type: 'finished', index: 0 },
      { type: 'started', index: 1 },
      { type: 'finished', index: 1 },
    ]);
  });

  it('ends with the first failure, in the middle of an action, with its exit code; what comes after does not run', () => {
    root.standIn('ctr', 'exit 3');
    const blob = put(root.at('state', 'blobs', 'f00d'), 'archive');
    const images: Planned<Action> = goal({ kind: 'images', archive: 'all', blob: { artifact: 'all', sha256: 'f00d', sizeBytes: 7 }, images: [] });
    const { exitCode, markers } = root.run([write(root.at('before')), images, write(root.at('after'))], values);
    expect(exitCode).toBe(3);
    expect(markers.map(({ type }) => type)).toEqual(['started', 'finished', 'started']);
    expect(readFileSync(root.at('before'), 'utf8')).toBe(NEW);
    expect(existsSync(root.at('after'))).toBe(false);
    expect(readFileSync(blob, 'utf8')).toBe('archive');
  });

  it('is one for no action at all', () => expect(root.run([]).exitCode).toBe(0));
});

describe('a file', () => {
  it('is written whole, with mode and owner, in directories made for it; nothing is left beside it', () => {
    const path = root.at('etc', 'deep', 'file.conf');
    expect(root.run([write(path)], values).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(NEW);
    expect(mode(path)).toBe('640');
    expect(readdirSync(dirname(path))).toEqual(['file.conf']);
    expect(root.calls()).toEqual([expect.stringContaining(`chown ${OWNER} `)]);
  });

  it('is never seen half-written, and never more readable than it shall be: it appears by rename', () => {
    const path = put(root.at('file'), 'old');
    const inode = statSync(path).ino;
    root.standIn('mv', 'case $2 in *.kubewright-new) stat -c %a "$2" >> "$(dirname "$0")/../modes";; esac; exec /bin/mv "$@"');
    root.standIn('chmod', 'stat -c %a "$2" >> "$(dirname "$0")/../modes"; exec /bin/chmod "$@"');
    expect(root.run([write(path, { sha256: sha256('old') }, '600')], values).exitCode).toBe(0);
    expect(statSync(path).ino).not.toBe(inode);
    expect(root.read('modes').trim().split('\n').at(-1)).toBe('600');
    expect(root.read('modes')).not.toMatch(/[1-7]$/m);
  });

  it('is in the ledger before it changes: path, digest, whether it was there, backup, run', () => {
    const path = put(root.at('etc', 'hosts'), 'old\n');
    root.run([write(path, { sha256: sha256('old\n') }), write(root.at('etc', 'fresh'))], values);
    expect(root.ledger()).toEqual([
      { path, what: 'file', sha256: sha256(NEW), existed: true, backup: sha256('old\n'), was: `file 644 ${OWNER}`, run: 'run-7' },
      { path: root.at('etc', 'fresh'), what: 'file', sha256: sha256(NEW), existed: false, backup: '', was: '', run: 'run-7' },
    ]);
    expect(root.read('state', 'backup', sha256('old\n'))).toBe('old\n');
    expect(mode(root.at('state', 'ledger.jsonl'))).toBe('600');
    expect(mode(root.at('state', 'backup'))).toBe('700');
  });

  it('is in the ledger even when the change itself fails', () => {
    root.standIn('chown', 'exit 9');
    expect(root.run([write(root.at('a'))], values).exitCode).toBe(9);
    expect(root.ledger()).toMatchObject([{ path: root.at('a'), existed: false }]);
    expect(existsSync(root.at('a'))).toBe(false);
  });

  it('has the backup of what was there before this tool, not of its own earlier bytes', () => {
    const path = put(root.at('a'), 'theirs');
    root.run([write(path, { sha256: sha256('theirs') })], values);
    writeFileSync(path, 'ours, older');
    root.run([write(path, { sha256: sha256('ours, older') })], values);
    expect(root.ledger().map(({ backup }) => backup)).toEqual([sha256('theirs')]);
    expect(readdirSync(root.at('state', 'backup'))).toEqual([sha256('theirs')]);
  });

  it.each<readonly [what: string, was: FileWas, make: (path: string) => void]>([
    ['other bytes than the plan was made from', { sha256: sha256('old') }, (path) => put(path, 'edited')],
    ['a file where there was none', { absent: true }, (path) => put(path, 'theirs')],
    ['no file where there was one', { sha256: sha256('old') }, () => undefined],
    ['a link in its place', { absent: true }, (path) => symlinkSync('/nowhere', path)],
    ['a link to a file with the right bytes', { sha256: sha256('old') }, (path) => symlinkSync(put(`${path}.target`, 'old'), path)],
    ['a directory in its place', { absent: true }, (path) => mkdirSync(path)],
  ])('%s: drifted, nothing is written', (_what, was, make) => {
    const path = root.at('drifting');
    make(path);
    const before = readdirSync(root.path);
    const { exitCode, output } = root.run([write(path, was), write(root.at('after'))], values);
    expect(exitCode).toBe(DRIFTED_EXIT);
    expect(output.at(-1)).toContain(path);
    expect(readdirSync(root.path)).toEqual(before);
  });

  it('takes any character in its path', () => {
    const path = root.at(`a b'c"d$(touch x)\`y\\z;&|*`);
    expect(root.run([write(path)], values).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(NEW);
    expect(root.ledger()).toMatchObject([{ path }]);
  });
});

describe('a file that must go', () => {
  it('goes, with a copy kept', () => {
    const path = put(root.at('gone'), 'bytes');
    expect(root.run([remove(path)]).exitCode).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(root.ledger()).toEqual([{ path, what: 'removed', sha256: '', existed: true, backup: sha256('bytes'), was: `file 644 ${OWNER}`, run: 'run-7' }]);
  });

  it('goes without a copy when it holds a secret', () => {
    const path = put(root.at('super-admin.conf'), 'client-key-data: SECRET');
    expect(root.run([remove(path, true)]).exitCode).toBe(0);
    expect(root.ledger()).toEqual([{ path, what: 'secret', sha256: '', existed: true, backup: '', was: `file 644 ${OWNER}`, run: 'run-7' }]);
    expect(root.read('state', 'ledger.jsonl')).not.toContain('SECRET');
    expect(readdirSync(root.at('state', 'backup'))).toEqual([]);
  });

  it('may be gone already', () => expect(root.run([remove(root.at('never'))]).exitCode).toBe(0));
});

describe('a program', () => {
  const blob = { artifact: 'tool', sha256: 'beef', sizeBytes: 4 };
  const install = (): Planned<Action> => goal({ kind: 'program', path: root.at('bin', 'tool'), version: '1.0', blob });
  const stored = (): string => root.at('store', 'beef', 'tool');

  it('moves from the blobs into the store, and a link points to it', () => {
    put(root.at('state', 'blobs', 'beef'), 'ELF!');
    expect(root.run([install()]).exitCode).toBe(0);
    expect(readlinkSync(root.at('bin', 'tool'))).toBe(stored());
    expect(mode(stored())).toBe('755');
    expect(readdirSync(root.at('state', 'blobs'))).toEqual([]);
    expect(root.ledger()).toMatchObject([{ path: root.at('bin', 'tool'), what: 'program', sha256: 'beef', existed: false }]);
  });

  it('replaces an older link, a file, and comes to the same end when it is run again', () => {
    put(root.at('state', 'blobs', 'beef'), 'ELF!');
    put(root.at('bin', 'tool'), "somebody else's");
    root.run([install()]);
    expect(root.run([install()]).exitCode).toBe(0);
    expect(readlinkSync(root.at('bin', 'tool'))).toBe(stored());
    expect(root.ledger().map(({ existed }) => existed)).toEqual([true]);
    expect(root.read('state', 'backup', sha256("somebody else's"))).toBe("somebody else's");
  });

  it('fails when neither blob nor stored program is there, and leaves no dangling link', () => {
    expect(root.run([install()]).exitCode).not.toBe(0);
    expect(lstatSync(root.at('bin', 'tool'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('packages', () => {
  const packages: Planned<Action> = goal({ kind: 'packages', manager: 'apt', names: ['haproxy', 'socat'], keepOff: [{ package: 'haproxy', unit: 'haproxy.service' }] });
  beforeEach(() => root.standIn('systemctl'));

  it('come after the unit that shall stay off is masked, which the ledger knows', () => {
    root.standIn('dpkg-query', 'exit 1');
    root.standIn('apt-get');
    expect(root.run([packages]).exitCode).toBe(0);
    expect(root.calls()).toEqual([
      'dpkg-query -W -f ${db:Status-Status} haproxy',
      'systemctl mask -q haproxy.service',
      'dpkg-query -W -f ${db:Status-Status} haproxy',
      'dpkg-query -W -f ${db:Status-Status} socat',
      'apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 haproxy socat',
    ]);
    expect(root.ledger()).toMatchObject([
      { path: '/etc/systemd/system/haproxy.service', what: 'masked' },
      { path: 'haproxy', what: 'package', existed: false },
      { path: 'socat', what: 'package', existed: false },
    ]);
  });

  it('come from the archive that was sent, unpacked where apt sees it alone, and nothing of it stays', () => {
    const from = { artifact: 'host-packages', sha256: sha256('archive'), sizeBytes: 7 };
    const archived: Planned<Action> = goal({ kind: 'packages', manager: 'apt', names: ['haproxy', 'socat'], keepOff: [], from });
    mkdirSync(root.at('archive'));
    writeFileSync(root.at('archive', 'Packages'), 'Package: haproxy\n');
    mkdirSync(root.at('state', 'blobs'), { recursive: true });
    execFileSync('tar', ['-cf', root.at('state', 'blobs', from.sha256), '-C', root.at('archive'), 'Packages']);
    root.standIn('apt-get', `[ "$1" = update ] && cat ${root.at('state', 'packages', 'Packages')} ${root.at('state', 'packages', 'sources.list')} > ${root.at('seen')}`);
    root.standIn('dpkg', 'exit 1');
    expect(root.run([archived]).exitCode).not.toBe(0);
    expect(root.read('seen')).toBe(`Package: haproxy\ndeb [trusted=yes] file:${root.at('state', 'packages')} ./\n`);
    root.standIn('apt-get');
    expect(root.run([archived]).exitCode).toBe(0);
    const [update = '', install = '', ...rest] = root.calls().slice(-2);
    expect(rest).toEqual([]);
    for (const call of [update, install]) expect(call).toContain(`Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=${root.at('state', 'packages')}/lists`);
    expect([existsSync(root.at('state', 'packages')), existsSync(root.at('state', 'blobs', from.sha256))]).toEqual([false, false]);
  });

  it('leave alone the service of somebody who has the package already', () => {
    root.standIn('dpkg-query', 'printf installed');
    root.standIn('apt-get');
    expect(root.run([packages]).exitCode).toBe(0);
    expect(root.calls().filter((call) => call.startsWith('systemctl'))).toEqual([]);
  });

  it('that cannot be had at first: an installation that died is ended, lists are fetched, then once more', () => {
    root.standIn('dpkg-query', 'printf installed');
    root.standIn('dpkg');
    root.standIn('apt-get', `[ -e ${root.at('fetched')} ] || { [ "$1" = update ] && : > ${root.at('fetched')}; }`);
    expect(root.run([packages]).exitCode).toBe(0);
    expect(root.calls().map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'dpkg-query -W',
      'dpkg-query -W',
      'dpkg-query -W',
      'apt-get install',
      'dpkg --configure',
      'apt-get update',
      'apt-get install',
    ]);
  });

  it('whose half-done installation cannot be ended: the step fails', () => {
    root.standIn('dpkg-query', 'printf installed');
    root.standIn('dpkg', 'exit 2');
    root.standIn('apt-get', 'exit 100');
    expect(root.run([packages]).exitCode).toBe(2);
  });

  it('that cannot be had at all: the step fails', () => {
    root.standIn('dpkg-query', 'printf installed');
    root.standIn('dpkg');
    root.standIn('apt-get', '[ "$1" = update ] || exit 100');
    expect(root.run([packages]).exitCode).toBe(100);
  });
});

describe('kernel settings', () => {
  it('are written as they are', () => {
    expect(root.run([goal({ kind: 'sysctl', name: 'net.some_setting', value: '1 $(2)' })]).exitCode).toBe(0);
    expect(root.read('proc', 'sys', 'net', 'some_setting')).toBe('1 $(2)\n');
  });

  it('that the kernel does not take fail the step', () => {
    expect(root.run([goal({ kind: 'sysctl', name: 'absent.setting', value: '1' })]).exitCode).not.toBe(0);
  });
});

describe('a secret', () => {
  const sealed = (text: string): string => {
    const salt = readFileSync(root.at('state', 'salt'));
    expect([salt.length, mode(root.at('state', 'salt'))]).toEqual([32, '600']);
    return createHash('sha256').update(salt).update(text).digest('hex');
  };

  it('is placed for root alone, with no copy and no digest that others could guess in the ledger', () => {
    const path = put(root.at('pki', 'ca.key'), 'old key');
    const place: Planned<Action> = { role: 'means', action: { kind: 'place-secret', path, slot: { slot: 'pki/ca.key' as never, type: 'text', secret: true, shown: 'key' } } };
    expect(root.run([place], { 'pki/ca.key': 'SECRET' }).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('SECRET');
    expect(mode(path)).toBe('600');
    expect(readdirSync(root.at('pki'))).toEqual(['ca.key']);
    expect(root.ledger()).toEqual([{ path, what: 'secret', sha256: sealed('SECRET'), existed: true, backup: '', was: `file 644 ${OWNER}`, run: 'run-7' }]);
    expect(readdirSync(root.at('state', 'backup'))).toEqual([]);
  });

  it('within a file is written likewise, and no link or directory is replaced by it', () => {
    const path = put(root.at('certs.d', 'hosts.toml'), 'old login');
    const login = { slot: 'login' as never, type: 'text', secret: true, shown: 'login' } as const;
    const write = (to: string) => goal({ kind: 'file', path: to, mode: '600', owner: OWNER, content: [login], was: { hidden: true, isAsWanted: false } });
    expect(root.run([write(path)], { login: 'SECRET' }).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('SECRET');
    expect(mode(path)).toBe('600');
    expect(root.ledger()).toEqual([{ path, what: 'secret', sha256: sealed('SECRET'), existed: true, backup: '', was: `file 644 ${OWNER}`, run: 'run-7' }]);
    expect(root.run([write(root.at('certs.d'))], { login: 'SECRET' }).exitCode).toBe(DRIFTED_EXIT);
  });
});
