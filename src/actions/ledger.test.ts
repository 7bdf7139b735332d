import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerFacts, LedgerItem } from '../facts/ledger/ledger-facts.ts';
import { NO_LEDGER, hasGround, isAsBefore, isChangedByOthers, wasFilled } from '../facts/ledger/ledger-facts.ts';
import { CLUSTER_CA } from '../facts/kubernetes-paths.ts';
import type { Planned } from '../plan/plan.ts';
import { decideWhatGoes } from '../planning/reset/what-goes.ts';
import { sha256 } from '../util/sha256.ts';
import type { Action } from './action.ts';
import { DRIFTED_EXIT } from './kind.ts';
import { FakeRoot } from './testing/run-compiled.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const OWNER = `${userInfo().username}:${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}`;
const goal = (action: Action): Planned<Action> => ({ role: 'goal', action });
const OURS = 'ours\n';
const values = { [sha256(OURS)]: OURS };

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
  root.standIn('systemctl', '[ "$1" != is-enabled ] || echo enabled');
});
afterEach(() => root.remove());

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const write = (path: string): Planned<Action> => {
  const now = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return goal({ kind: 'file', path, mode: '600', owner: OWNER, content: [{ text: sha256(OURS) }], was: now === undefined ? { absent: true } : { sha256: sha256(now) } });
};
const giveBack = (items: readonly LedgerItem[]): Planned<Action> => goal({ kind: 'given-back', items });
const itemAt = ({ items }: LedgerFacts, path: string): LedgerItem => items.find((item) => item.path === path)!;

describe('the ground: what a machine was, with the first line of its ledger', () => {
  beforeEach(() => {
    root.forgetLedger();
    for (const filter of ['iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save'])
      root.standIn(filter, `printf ':INPUT ACCEPT [0:0]\\n:KUBE-OLD - [0:0]\\n'`);
    root.standIn('nft', `printf 'table inet mine\\n'`);
    for (const link of ['eth0', 'flannel.7']) mkdirSync(root.at('sys', 'class', 'net', link), { recursive: true });
    put(root.at('proc/sys/net/ipv4/ip_forward'), '0\n');
  });

  it('holds directories, interfaces, the packet filter and settings, for root alone', () => {
    mkdirSync(root.at('/var/lib/etcd'), { recursive: true });
    put(root.at('/opt/cni/bin/theirs'), 'x');
    root.run([write(root.at('etc', 'a'))], values);
    const facts = root.ledgerFacts();
    expect(itemAt(facts, root.at('/etc/cni'))).toMatchObject({ what: 'tree', existed: false, now: 'absent' });
    expect(itemAt(facts, root.at('/var/lib/etcd'))).toMatchObject({ existed: true, was: `0 755 ${OWNER}`, now: `0 755 ${OWNER}` });
    expect(itemAt(facts, root.at('/opt/cni'))).toMatchObject({ existed: true, was: `2 755 ${OWNER}` });
    expect(itemAt(facts, root.at('proc/sys/net/ipv4/ip_forward'))).toMatchObject({ what: 'sysctl', was: '0', now: '0' });
    const names = (what: string) =>
      root
        .wholeLedger()
        .find((line) => line.what === what)
        ?.was.trim();
    expect([names('links'), names('chains'), names('tables')]).toEqual(['eth0 flannel.7', 'KUBE-OLD', 'inet/mine']);
    expect(facts.items.filter(({ what }) => ['links', 'chains', 'tables'].includes(what)).map(({ now }) => now)).toEqual(['', '', '']);
    expect([statSync(root.at('state', 'ledger.jsonl')).mode & 0o777, statSync(root.at('state', 'backup')).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it('is written once, whatever comes later', () => {
    root.run([write(root.at('a'))], values);
    const ground = root.wholeLedger().length;
    mkdirSync(root.at('/var/lib/etcd'), { recursive: true });
    root.run([write(root.at('b'))], values);
    expect(root.wholeLedger()).toHaveLength(ground + 1);
    expect(itemAt(root.ledgerFacts(), root.at('/var/lib/etcd'))).toMatchObject({ existed: false });
  });

  it('has a directory of empty directories for empty, and gives these back', () => {
    const tree = root.at('/etc/kubernetes');
    mkdirSync(`${tree}/manifests/deep`, { recursive: true });
    chmodSync(`${tree}/manifests`, 0o750);
    root.run([write(root.at('a'))], values);
    expect(wasFilled(itemAt(root.ledgerFacts(), tree))).toBe(false);
    expect(isAsBefore(itemAt(root.ledgerFacts(), tree))).toBe(true);
    put(`${tree}/manifests/etcd.yaml`, 'x');
    put(`${tree}/pki/ca.crt`, 'x');
    expect(root.run([giveBack([itemAt(root.ledgerFacts(), tree)])]).exitCode).toBe(0);
    expect([readdirSync(tree), readdirSync(`${tree}/manifests`), statSync(`${tree}/manifests`).mode & 0o777]).toEqual([['manifests'], ['deep'], 0o750]);
    expect(isAsBefore(itemAt(root.ledgerFacts(), tree))).toBe(true);
  });

  it('looks into a directory that is a link to another place', () => {
    const [filled, empty] = [root.at('data', 'containerd'), root.at('data', 'etcd')];
    put(`${filled}/theirs`, 'x');
    mkdirSync(empty, { recursive: true });
    mkdirSync(root.at('var', 'lib'), { recursive: true });
    symlinkSync(filled, root.at('/var/lib/containerd'));
    symlinkSync(empty, root.at('/var/lib/etcd'));
    root.run([write(root.at('a'))], values);
    put(`${filled}/ours`, 'x');
    put(`${empty}/member/ours`, 'x');
    const facts = root.ledgerFacts();
    const { items, stays } = decideWhatGoes(facts);
    expect(items.map(({ path }) => path)).toContain(root.at('/var/lib/etcd'));
    expect(stays.join('\n')).toContain(`what the cluster has added to: ${root.at('/var/lib/containerd')}`);
    expect(root.run([giveBack(items.filter(({ what }) => what === 'tree'))]).exitCode).toBe(0);
    expect([readdirSync(empty), readdirSync(filled), readlinkSync(root.at('/var/lib/etcd'))]).toEqual([[], ['ours', 'theirs'], empty]);
  });

  it('says that what lay there before is not the cluster’s to lose, and what came later is', () => {
    root.run([write(root.at('a'))], values);
    mkdirSync(root.at('sys', 'class', 'net', 'cni0'), { recursive: true });
    root.standIn('iptables-nft-save', `printf ':KUBE-NEW - [0:0]\\n:KUBE-OLD - [0:0]\\n:DOCKER - [0:0]\\n'`);
    const named = root.ledgerFacts().items.filter(({ what }) => what === 'links' || what === 'chains');
    expect(named.map(({ now }) => now)).toEqual(['cni0', 'KUBE-NEW']);
  });
});

describe('the ledger', () => {
  it('has one line for a path and content, so that it does not grow with runs', () => {
    const path = root.at('a');
    root.run([write(path)], values);
    const lines = root.wholeLedger().length;
    root.run([write(path)], values);
    root.run([write(path)], values);
    expect(root.wholeLedger()).toHaveLength(lines);
  });

  it('is read past a line that a power cut has halved, and goes on after it', () => {
    root.run([write(root.at('a'))], values);
    writeFileSync(root.at('state', 'ledger.jsonl'), `${root.read('state', 'ledger.jsonl')}{"path":"/half","wh`);
    root.run([write(root.at('b'))], values);
    expect(root.ledgerFacts().items.map(({ path }) => path)).toEqual([root.at('a'), root.at('b')]);
  });

  it.each([
    ['in what it is', '","what":"fi'],
    ['after the digest', `","what":"file","sha256":"${sha256(OURS)}","existed":tr`],
    ['before its end, the line of an earlier version', `","what":"file","sha256":"${sha256(OURS)}","existed":tr\n`],
    ['into zeros', '\0\0\0\0'],
  ])('keeps the original of a path whose own line was halved: %s', (_where, rest) => {
    const path = put(root.at('hosts'), 'theirs');
    root.run([write(root.at('a'))], values);
    writeFileSync(root.at('state', 'ledger.jsonl'), `${root.read('state', 'ledger.jsonl')}${rest.startsWith('\0') ? '' : `{"path":"${path}`}${rest}`);
    expect(root.run([write(path)], values).exitCode).toBe(0);
    const item = itemAt(root.ledgerFacts(), path);
    expect(item).toMatchObject({ existed: true, backup: sha256('theirs'), written: [sha256(OURS)] });
    expect(root.run([giveBack([item])]).exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  it('is read where an early version began it, which did not say what was there', () => {
    const path = put(root.at('a'), OURS);
    writeFileSync(root.at('state', 'ledger.jsonl'), `${JSON.stringify({ path, what: 'file', sha256: sha256(OURS), existed: false, backup: '', run: 'old' })}\n`);
    const facts = root.ledgerFacts();
    expect([facts.items.map((item) => item.path), hasGround(facts)]).toEqual([[path], false]);
  });

  it('says of which cluster the machine is, and by which CA once that is there, each once; the last counts', () => {
    const claims = () =>
      root
        .wholeLedger()
        .filter(({ what }) => what === 'cluster')
        .map(({ path, sha256: authority }) => [path, authority]);
    const runAs = (cluster: string, name: string) => {
      root.cluster = cluster;
      root.run([write(root.at(name))], values);
    };
    runAs('demo', 'a');
    put(root.at(CLUSTER_CA), 'ca');
    root.run([write(root.at('b')), write(root.at('c'))], values);
    rmSync(root.at(CLUSTER_CA));
    runAs('demo', 'd');
    expect(claims()).toEqual([
      ['demo', ''],
      ['demo', sha256('ca')],
    ]);
    const facts = root.ledgerFacts();
    expect([facts.claim, facts.items.map(({ path }) => path)]).toEqual([{ cluster: 'demo', authority: sha256('ca') }, ['a', 'b', 'c', 'd'].map((name) => root.at(name))]);
    for (const cluster of ['other', 'demo', '']) runAs(cluster, `of ${cluster}`);
    expect(claims().slice(2)).toEqual([
      ['other', ''],
      ['demo', ''],
    ]);
  });

  it('has the CA with which kubeadm came to its end', () => {
    root.cluster = 'demo';
    root.standIn('kubeadm', `mkdir -p ${dirname(root.at(CLUSTER_CA))}; printf ca > ${root.at(CLUSTER_CA)}`);
    expect(root.run([goal({ kind: 'kubeadm-join', node: 'w-1', role: 'worker', config: [{ text: sha256(OURS) }] })], values).exitCode).toBe(0);
    expect(root.ledgerFacts().claim).toEqual({ cluster: 'demo', authority: sha256('ca') });
  });

  it('is not there where files were sent and no script has run: they are told, and go', () => {
    root.forgetLedger();
    put(root.at('state', 'blobs', 'd1.part'), 'x');
    expect(root.ledgerFacts()).toEqual({ ...NO_LEDGER, uploads: 1 });
    root.standIn('sync');
    root.run([goal({ kind: 'ledger-closed', stays: [], keeps: [] })]);
    expect(root.ledgerFacts()).toEqual(NO_LEDGER);
  });

  it('has every directory that was made', () => {
    root.run([write(root.at('etc', 'new', 'deep', 'file'))], values);
    expect(root.wholeLedger().flatMap(({ path, what }) => (what === 'directory' ? [path] : []))).toEqual([root.at('etc'), root.at('etc', 'new'), root.at('etc', 'new', 'deep')]);
  });

  it('keeps its lines apart whatever a path holds', () => {
    const path = root.at(`a "b" c\\d`);
    root.run([write(path)], values);
    expect(root.ledgerFacts().items).toMatchObject([{ path, now: `file 600 ${OWNER}`, digest: sha256(OURS) }]);
  });
});

describe('what is given back', () => {
  const link: Planned<Action> = goal({ kind: 'program', path: '', version: '1', blob: { artifact: 'x', sha256: 'beef', sizeBytes: 4 } });

  it('are bytes, modes and links as they were; what was made is gone; and nothing is left to give', () => {
    const theirs = put(root.at('etc', 'theirs'), 'theirs');
    chmodSync(theirs, 0o640);
    const program = root.at('bin', 'kubectl');
    mkdirSync(root.at('etc', 'dir'), { recursive: true });
    symlinkSync('/opt/kubectl', program);
    put(root.at('state', 'blobs', 'beef'), 'ELF!');
    const made = root.at('etc', 'made', 'deep', 'file');
    root.run([write(theirs), write(made), { ...link, action: { ...link.action, path: program } as Action }], values);
    expect(readlinkSync(program)).toBe(root.at('store', 'beef', 'kubectl'));
    const { items } = root.ledgerFacts();
    const going = items.filter((item) => !isAsBefore(item) && !item.path.startsWith(root.at('store')));
    expect(root.run([giveBack(going)])).toMatchObject({ exitCode: 0 });
    expect([readFileSync(theirs, 'utf8'), statSync(theirs).mode & 0o777, readlinkSync(program), existsSync(root.at('etc', 'made'))]).toEqual([
      'theirs',
      0o640,
      '/opt/kubectl',
      false,
    ]);
    expect(root.ledgerFacts().items.filter((item) => !isAsBefore(item) && !item.path.startsWith(root.at('store')))).toEqual([]);
  });

  it.each<readonly [what: string, action: (items: readonly LedgerItem[]) => Planned<Action>]>([
    ['given back', giveBack],
    ['stopped', (items) => goal({ kind: 'node-stopped', units: ['kubelet.service'], items, others: [] })],
  ])('is nothing where one file is something else than the plan saw: nothing is %s', (_what, action) => {
    root.hidesProcesses();
    const [first, last] = [root.at('etc', 'a'), root.at('etc', 'z')];
    root.run([write(first), write(last)], values);
    const { items } = root.ledgerFacts();
    writeFileSync(last, 'somebody was here');
    const run = root.run([action(items.filter(({ what }) => what === 'file'))]);
    expect([run.exitCode, run.output]).toEqual([DRIFTED_EXIT, [expect.stringContaining(`${last}: expected`)]]);
    expect([readFileSync(first, 'utf8'), readFileSync(last, 'utf8'), existsSync(root.at('calls'))]).toEqual([OURS, 'somebody was here', false]);
  });

  it('is a setting where the kernel has it, and nothing where its module is not loaded', () => {
    const [there, gone] = [put(root.at('proc/sys/net/there'), '0'), put(root.at('proc/sys/net/bridge/gone'), '0')];
    const set = (path: string) => goal({ kind: 'sysctl', name: path.slice(root.at('proc/sys/').length).replaceAll('/', '.'), value: '1' });
    root.run([set(there), set(gone)]);
    const { items } = root.ledgerFacts();
    expect(items.map(({ was, now }) => [was, now])).toEqual([
      ['0', '1'],
      ['0', '1'],
    ]);
    rmSync(root.at('proc/sys/net/bridge'), { recursive: true });
    expect(itemAt(root.ledgerFacts(), gone)).toMatchObject({ now: 'absent' });
    expect(isAsBefore(itemAt(root.ledgerFacts(), gone))).toBe(true);
    expect(root.run([giveBack(items.map((item) => ({ ...item, path: item.path.slice(root.path.length) })))]).exitCode).toBe(0);
    expect([readFileSync(there, 'utf8').trim(), existsSync(gone)]).toEqual(['0', false]);
  });

  it('is no secret of others: no copy was kept, and that is said', () => {
    const path = put(root.at('certs.d', 'hosts.toml'), 'old login');
    chmodSync(path, 0o600);
    const login = { slot: 'login' as never, type: 'text', secret: true, shown: 'login' } as const;
    root.run([goal({ kind: 'file', path, mode: '600', owner: OWNER, content: [login], was: { hidden: true, isAsWanted: false } })], { login: 'ours' });
    const { items, stays } = decideWhatGoes(root.ledgerFacts());
    expect(items.map((item) => item.path)).not.toContain(path);
    expect(stays[0]).toContain(`changed without a copy: ${path} (`);
  });

  it('is a secret of ours as long as it is as it was written; one that others have changed is left and named, and nothing of it is told', () => {
    const [kept, changed] = [root.at('certs.d', 'a.toml'), root.at('certs.d', 'b.toml')];
    const login = { slot: 'login' as never, type: 'text', secret: true, shown: 'login' } as const;
    const place = (path: string) => goal({ kind: 'file', path, mode: '600', owner: OWNER, content: [login], was: { hidden: true, isAsWanted: false } });
    root.run([place(kept), place(changed)], { login: 'OURS' });
    writeFileSync(changed, 'THEIRS');
    const { items, stays } = decideWhatGoes(root.ledgerFacts());
    expect([items.flatMap(({ path, what }) => (what === 'secret' ? [path] : [])), stays[0]]).toEqual([[kept], `changed since by others: ${changed} (not ours any more)`]);
    expect(JSON.stringify([root.read('state', 'ledger.jsonl'), items])).not.toMatch(new RegExp(`OURS|THEIRS|${sha256('OURS')}|${sha256('THEIRS')}`));
    writeFileSync(kept, 'THEIRS');
    const late = root.run([giveBack(items)]);
    expect([late.exitCode, late.output, readFileSync(kept, 'utf8')]).toEqual([DRIFTED_EXIT, [`${kept} is not what the plan was made from`], 'THEIRS']);
    writeFileSync(kept, 'OURS');
    expect(root.run([giveBack(items)]).exitCode).toBe(0);
    expect([existsSync(kept), readFileSync(changed, 'utf8')]).toEqual([false, 'THEIRS']);
  });

  it('is kept for a person where others have changed it since, beyond this reset and the next', () => {
    const path = put(root.at('etc', 'a'), 'theirs');
    root.run([write(path)], values);
    writeFileSync(path, 'somebody was here');
    const { stays, keeps } = decideWhatGoes(root.ledgerFacts());
    expect([keeps, stays[0]]).toEqual([[sha256('theirs')], `changed since by others: ${path} (not ours any more; as it was before: /var/lib/kubewright/kept/${sha256('theirs')})`]);
    root.standIn('sync', `[ ! -e ${root.at('state', 'backup')} ] || echo 'before the copies go' >> ${root.at('calls')}`);
    const close = (names: readonly string[]) => root.run([goal({ kind: 'ledger-closed', stays, keeps: names })]).exitCode;
    expect([close(keeps), close(keeps), close([])]).toEqual([0, 0, 0]);
    expect(root.read('state', 'kept', sha256('theirs'))).toBe('theirs');
    expect([statSync(root.at('state', 'kept')).mode & 0o777, existsSync(root.at('state', 'backup')), root.calls()[1]]).toEqual([0o700, false, 'before the copies go']);
  });

  it('is not what others have changed since: that is said to stay', () => {
    const path = root.at('etc', 'a');
    root.run([write(path)], values);
    writeFileSync(path, 'somebody was here');
    const facts = root.ledgerFacts();
    expect(isChangedByOthers(itemAt(facts, path))).toBe(true);
    const { items, stays } = decideWhatGoes(facts);
    expect(items.map((item) => item.path)).not.toContain(path);
    expect(stays[0]).toBe(`changed since by others: ${path} (not ours any more)`);
  });

  it('is a directory only as far as it is empty', () => {
    const path = root.at('etc', 'made', 'file');
    root.run([write(path)], values);
    put(root.at('etc', 'made', 'theirs'), 'x');
    expect(root.run([giveBack(root.ledgerFacts().items)]).exitCode).toBe(0);
    expect([existsSync(path), existsSync(root.at('etc', 'made', 'theirs'))]).toEqual([false, true]);
  });

  it('are trees: those that were empty are emptied, those that were not there go', () => {
    const [empty, absent] = [root.at('var', 'empty'), root.at('var', 'absent')];
    for (const tree of [empty, absent]) put(`${tree}/pods/x/y`, 'data');
    chmodSync(empty, 0o700);
    const tree = (path: string, fields: Partial<LedgerItem>): LedgerItem => ({
      path,
      what: 'tree',
      existed: false,
      backup: '',
      was: '',
      written: [],
      now: '3',
      digest: '',
      ...fields,
    });
    expect(root.run([giveBack([tree(empty, { existed: true, was: `0 755 ${OWNER}` }), tree(absent, {})])]).exitCode).toBe(0);
    expect([existsSync(`${empty}/pods`), statSync(empty).mode & 0o777, existsSync(absent)]).toEqual([false, 0o755, false]);
  });

  it('are units: ours are disabled before their files go, those of others run again', () => {
    root.standIn('systemctl');
    const unit = (path: string, was: string): LedgerItem => ({ path, what: 'unit', existed: true, backup: '', was, written: [], now: 'enabled inactive', digest: '' });
    const path = put(root.at('ours.service'), OURS);
    const file: LedgerItem = { path, what: 'file', existed: false, backup: '', was: '', written: [sha256(OURS)], now: `file 644 ${OWNER}`, digest: sha256(OURS) };
    root.standIn('rm', 'exec /bin/rm "$@"');
    root.run([giveBack([file, unit('ours.service', 'disabled inactive'), unit('theirs.service', 'enabled active')])]);
    const calls = root.calls().map((call) => call.replace(root.path, ''));
    expect(calls).toEqual([
      'systemctl disable -q ours.service',
      'rm -f -- /ours.service',
      'systemctl daemon-reload',
      'systemctl enable -q theirs.service',
      'systemctl restart theirs.service',
    ]);
  });
});
