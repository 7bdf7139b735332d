import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Planned, Slot } from '../../plan/plan.ts';
import { slotId } from '../../plan/plan.ts';
import type { Action } from '../action.ts';
import { hostileWords } from '../testing/any-action.ts';
import { FakeRoot } from '../testing/run-compiled.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
});
afterEach(() => root.remove());

const means = (action: Action): Planned<Action> => ({ role: 'means', action });
const slot = (name: string): Slot<'text'> => ({ slot: slotId(name), type: 'text', secret: true, shown: name });
const provided = (run: ReturnType<FakeRoot['run']>): Readonly<Record<string, string>> =>
  Object.fromEntries(run.markers.flatMap((marker) => (marker.type === 'slot' ? [[marker.slot, Buffer.from(marker.base64, 'base64').toString()]] : [])));

describe('the removal of a member', () => {
  const action: Planned<Action> = means({ kind: 'member-absent', node: 'cp-2', peerURL: 'https://10.0.0.12:2380' });
  const member = (id: string, name: string, urls: string): string => `${id}, started, ${name}, ${urls}, https://10.0.0.99:2379, false`;
  const others = [member('a1', 'cp-1', 'https://10.0.0.1:2380'), member('a3', 'cp-22', 'https://10.0.0.120:2380')];

  /** An etcdctl whose members are lines of a file; those that are removed leave it. */
  function etcd(...members: readonly string[]): void {
    writeFileSync(root.at('members'), members.map((line) => `${line}\n`).join(''));
    root.standIn('etcdctl', `case "$*" in *'member list') cat ${root.at('members')};; *'member remove '*) for id; do :; done; sed -i "/^$id,/d" ${root.at('members')};; esac`);
  }

  it.each([
    ['by its name, wherever it was', member('b2', 'cp-2', 'https://10.0.0.77:2380')],
    ['by its address, when it never started', 'b2, unstarted, , https://10.0.0.12:2380, , true'],
    ['by one of its addresses', member('b2', 'x', 'https://10.1.0.12:2380,https://10.0.0.12:2380')],
  ])('finds it %s, and leaves all others', (_how, line) => {
    etcd(...others, line);
    expect(root.run([action]).exitCode).toBe(0);
    expect(root.read('members').trim().split('\n')).toEqual(others);
  });

  it('does nothing where there is none', () => {
    etcd(...others);
    expect(root.run([action]).exitCode).toBe(0);
    expect(root.calls().filter((call) => call.includes('remove'))).toEqual([]);
  });

  it('fails when the members could not be listed: silence proves nothing', () => {
    root.standIn('etcdctl', 'exit 1');
    expect(root.run([action]).exitCode).toBe(1);
  });

  it('fails when the members cannot be listed afterwards', () => {
    etcd(member('b2', 'cp-2', 'https://10.0.0.12:2380'));
    root.standIn('etcdctl', `case "$*" in *'member list') [ ! -e ${root.at('removed')} ] || exit 1; cat ${root.at('members')};; *) : > ${root.at('removed')};; esac`);
    expect(root.run([action]).exitCode).toBe(1);
  });

  it('fails when the member is still listed', () => {
    writeFileSync(root.at('members'), `${member('b2', 'cp-2', 'https://10.0.0.12:2380')}\n`);
    root.standIn('etcdctl', `case "$*" in *'member list') cat ${root.at('members')};; esac`);
    const { exitCode, output } = root.run([action]);
    expect(exitCode).toBe(1);
    expect(output).toEqual(['the member is still listed']);
  });
});

describe('the end of tokens', () => {
  const action: Planned<Action> = means({ kind: 'tokens-revoked' });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  it('deletes those of this tool alone', () => {
    const lines = [
      `bootstrap-token-aaa ${base64('kubewright')}`,
      `bootstrap-token-bbb ${base64('for kubewright, by hand')}`,
      'bootstrap-token-ccc ',
      `bootstrap-token-ddd ${base64('kubewright')}`,
    ];
    root.standIn('kubectl', `case "$*" in *' get '*) printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')};; esac`);
    expect(root.run([action]).exitCode).toBe(0);
    expect(root.calls().flatMap((call) => /delete secret (\S+)/.exec(call)?.[1] ?? [])).toEqual(['bootstrap-token-aaa', 'bootstrap-token-ddd']);
  });

  it.each([
    ['the list cannot be had', 'exit 4', 4],
    ['one cannot be deleted', `case "$*" in *' get '*) echo 'bootstrap-token-aaa ${Buffer.from('kubewright').toString('base64')}';; *) exit 5;; esac`, 5],
  ])('fails when %s', (_what, shell, exitCode) => {
    root.standIn('kubectl', shell);
    expect(root.run([action]).exitCode).toBe(exitCode);
  });
});

describe('slots', () => {
  it('a token is made up of the right characters, anew each time', () => {
    const make = (): string => provided(root.run([means({ kind: 'token-generate', slot: slot('join-token') })]))['join-token'] ?? '';
    const [first, second] = [make(), make()];
    expect(first).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    expect(second).not.toBe(first);
  });

  it("a token of the living cluster is kubeadm's, without what it says besides", () => {
    root.standIn('kubeadm', 'echo warning >&2; echo abcdef.0123456789abcdef');
    const run = root.run([means({ kind: 'token-create', slot: slot('join-token'), minutes: 30 })]);
    expect(provided(run)).toEqual({ 'join-token': 'abcdef.0123456789abcdef' });
    expect(root.calls()).toEqual(['kubeadm token create --ttl 30m --description kubewright']);
  });

  it('a token that cannot be made fails the step and gives nothing', () => {
    root.standIn('kubeadm', 'exit 2');
    const run = root.run([means({ kind: 'token-create', slot: slot('join-token'), minutes: 30 })]);
    expect([run.exitCode, provided(run)]).toEqual([2, {}]);
  });

  it('files and the pin are read as they are; the pin is that of kubeadm: sha256 of the public key', () => {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=kubernetes', '-keyout', root.at('ca.key'), '-out', root.at('ca.crt')],
      {
        stdio: 'ignore',
      },
    );
    const files = ['ca.crt', 'ca.key'].map((name) => ({ path: root.at(name), slot: slot(`pki/${name}`) }));
    const run = root.run([means({ kind: 'read-files', title: 'all', files, pin: { path: root.at('ca.crt'), slot: slot('ca-pin') } })]);
    const der = execFileSync('openssl', ['pkey', '-in', root.at('ca.key'), '-pubout', '-outform', 'der']);
    const pin = execFileSync('sha256sum', { input: der, encoding: 'utf8' }).slice(0, 64);
    expect(provided(run)).toEqual({ 'pki_ca.crt': root.read('ca.crt'), 'pki_ca.key': root.read('ca.key'), 'ca-pin': `sha256:${pin}` });
  });

  it.each([
    ['a file that is not there', 'absent.crt'],
    ['a certificate that is none', 'empty.crt'],
  ])('%s fails the step', (_what, name) => {
    writeFileSync(root.at('empty.crt'), '');
    const action: Action = { kind: 'read-files', title: 'x', files: [{ path: root.at(name), slot: slot('ca') }], pin: { path: root.at(name), slot: slot('pin') } };
    expect(root.run([means(action)]).exitCode).not.toBe(0);
  });
});

describe('kubeadm', () => {
  const config = [{ text: 'head' }, slot('join-token')];

  it('gets its configuration whole, unreadable to others, and an empty environment', () => {
    root.standIn('kubeadm', `cp -p "$3" ${root.at('config')}; env | cut -d= -f1 | sort > ${root.at('env')}`);
    expect(root.run([means({ kind: 'kubeadm-join', node: 'cp-2', role: 'worker', config })], { head: 'token: ', 'join-token': 'abc.def' }).exitCode).toBe(0);
    expect(root.read('config')).toBe('token: abc.def');
    expect(execFileSync('stat', ['-c', '%a', root.at('config')], { encoding: 'utf8' }).trim()).toBe('600');
    expect(
      root
        .read('env')
        .trim()
        .split('\n')
        .filter((name) => !['_', 'PWD'].includes(name)),
    ).toEqual(['HOME', 'LC_ALL', 'PATH']);
  });

  it('its failure is the failure of the step', () => {
    root.standIn('kubeadm', 'echo "error execution phase preflight"; exit 1');
    const { exitCode, output } = root.run([means({ kind: 'kubeadm-init', node: 'cp-1', config })], { head: '', 'join-token': '' });
    expect([exitCode, output]).toEqual([1, ['error execution phase preflight']]);
  });
});

describe('values', () => {
  it.each(hostileWords.filter((word) => word !== ''))('%s reaches a program as one word, unchanged', (word) => {
    root.standIn('kubectl', `for word; do printf '%s\\n' "$word"; done >> ${root.at('words')}`);
    const action: Action = {
      kind: 'node-settings',
      node: 'w-1',
      labels: { disk: word },
      taints: [{ key: 'k', value: word, effect: 'NoSchedule' }],
      dropLabels: ['old'],
      dropTaints: ['gone:NoExecute'],
    };
    expect(root.run([means(action)]).exitCode).toBe(0);
    const words = readFileSync(root.at('words'), 'utf8').split('\n');
    expect(words).toEqual(
      expect.arrayContaining([`disk=${word}`, 'old-', `k=${word}:NoSchedule`, 'gone:NoExecute-', 'kubewright.dev/labels=disk', 'kubewright.dev/taints=k:NoSchedule']),
    );
  });
});

describe('a unit', () => {
  /** For the ledger: what it was before. */
  const LOOKS = ['systemctl is-enabled x.service', 'systemctl is-active x.service'];

  it('that does not start fails the step, with the end of its log', () => {
    root.standIn('systemctl', 'case "$1" in restart) exit 1;; status) echo "it says why";; esac');
    const { exitCode, output } = root.run([means({ kind: 'unit', unit: 'x.service', want: 'running', inputs: [], onChange: 'restart' })]);
    expect([exitCode, output]).toEqual([1, ['it says why']]);
    expect(root.calls()).toEqual([
      'systemctl daemon-reload',
      ...LOOKS,
      'systemctl enable -q x.service',
      'systemctl restart x.service',
      'systemctl status --no-pager -n 20 x.service',
    ]);
  });

  it('that shall be enabled is not started', () => {
    root.standIn('systemctl');
    root.run([means({ kind: 'unit', unit: 'x.service', want: 'enabled', inputs: [], onChange: 'restart' })]);
    expect(root.calls()).toEqual(['systemctl daemon-reload', ...LOOKS, 'systemctl enable -q x.service']);
  });
});
