import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../actions/kinds.ts';
import { bareHost } from '../../facts/bare-host.ts';
import type { FileFact, HostFacts } from '../../facts/host-facts.ts';
import { NO_LEDGER } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerFacts, LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { CLUSTER_CA, KUBELET_CONF } from '../../facts/kubernetes-paths.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { nodeFact } from '../../facts/testing/fact-arbitraries.ts';
import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { sha256 } from '../../util/sha256.ts';
import { demoCluster } from '../../app/testing/demo-cluster.ts';
import { hostsText } from '../files/system.ts';
import { NO_EFFECT } from '../step-types.ts';
import { foldPlan } from '../testing/fold-plan.ts';
import type { ResetAnswer } from './plan-reset.ts';
import { planReset, resetProbes } from './plan-reset.ts';

const cluster = demoCluster;
const ENDPOINT = cluster.wide.endpoint;
const ORIGINAL = '127.0.0.1 localhost\n';
const OURS = hostsText(ORIGINAL, ENDPOINT);

const item = (fields: Partial<LedgerItem> & Pick<LedgerItem, 'path' | 'what'>): LedgerItem => ({
  ...{ existed: false, backup: '', was: '', written: ['d1'], now: 'file 644 root:root', digest: 'd1' },
  ...fields,
});
const tree = (path: string, now: string): LedgerItem => item({ path, what: 'tree', written: [], digest: '', now });
const HOSTS = item({ path: '/etc/hosts', what: 'file', existed: true, backup: sha256(ORIGINAL), was: 'file 644 root:root', written: [sha256(OURS)], digest: sha256(OURS) });

/** What a deployment leaves in a ledger, in short. */
const DEPLOYED: readonly LedgerItem[] = [
  ...[tree('/etc/kubernetes', '30 755 root:root'), tree('/opt/cni', '9 755 root:root')],
  { ...tree('/var/lib/etcd', '6 700 root:root'), existed: true, was: '0 755 root:root' },
  item({ path: '/proc/sys/net/ipv4/ip_forward', what: 'sysctl', existed: true, was: '0', now: '1', digest: '' }),
  item({ path: 'network interfaces', what: 'links', existed: true, was: 'eth0', now: 'cni0 flannel.1', digest: '' }),
  item({ path: 'packet filter chains', what: 'chains', existed: true, now: 'KUBE-FORWARD', digest: '' }),
  item({ path: 'packet filter tables', what: 'tables', existed: true, now: '', digest: '' }),
  HOSTS,
  item({ path: '/etc/systemd/system/kubelet.service', what: 'file' }),
  item({ path: '/opt/cni/bin/bridge', what: 'program', now: 'link /usr/local/lib/kubewright/store/d1/bridge', digest: '' }),
  item({ path: '/etc/kubernetes/super-admin.conf', what: 'secret', now: 'absent', digest: '' }),
  item({ path: 'containerd.service', what: 'unit', existed: true, was: 'disabled inactive', now: 'enabled active', digest: '' }),
  item({ path: 'kubelet.service', what: 'unit', existed: true, was: 'disabled inactive', now: 'enabled active', digest: '' }),
  item({ path: 'haproxy', what: 'package', now: '', digest: '' }),
];

type World = Readonly<Record<string, Partial<HostFacts> | Fact<HostFacts>>>;
const hostsFile = (text: string): FileFact => ({ type: 'file', sha256: sha256(text), sizeBytes: text.length, mode: '644', owner: 'root:root', text });
const ledgerOf = (items: readonly LedgerItem[]): LedgerFacts => ({ items, containers: 12, others: [] });

/** Machines of the demonstration cluster, deployed but for what is changed. */
function snapshotOf(changes: World = {}, nodes: readonly string[] = []): Snapshot {
  const hosts = cluster.nodes.map(({ name }) => {
    const change = changes[name];
    if (change !== undefined && 'state' in change) return [name, change] as const;
    const bare = bareHost(name, resetProbes);
    return [name, known({ ...bare, ledger: ledgerOf(DEPLOYED), ...change, files: { ...bare.files, '/etc/hosts': hostsFile(OURS), ...change?.files } })] as const;
  });
  const seen = { via: 'cp-1', uid: 'u', version: 'v1', nodes: Object.fromEntries(nodes.map((name) => [name, nodeFact(name)])) };
  const rest = { configMaps: {}, apiEndpoints: [], etcdMembers: known([]), workloads: {}, bootstrapTokens: [] };
  return { hosts: Object.fromEntries(hosts), cluster: nodes.length === 0 ? unknown('no API server answers') : known({ ...seen, ...rest } as never) };
}

const plan = (changes?: World, nodes?: readonly string[]): ResetAnswer => planReset({ cluster, desired: 'd', snapshot: snapshotOf(changes, nodes) });
const GONE = { ledger: NO_LEDGER, files: { '/etc/hosts': hostsFile(ORIGINAL) } };
const everywhere = (change: Partial<HostFacts>): World => Object.fromEntries(cluster.nodes.map(({ name }) => [name, change]));
const pathsOf = ({ plan: { steps } }: ResetAnswer): readonly string[] =>
  steps[0]!.actions.flatMap(({ action }) => (action.kind === 'given-back' ? action.items.map(({ path }) => path) : []));

describe('the plan of a reset', () => {
  it('is one step for each machine, which waits for no other', () => {
    const { plan: made, notOurs, refused } = plan();
    expect([notOurs, refused]).toEqual([[], []]);
    expect(made.steps.map(({ id, needs }) => [id, needs])).toEqual(cluster.nodes.map(({ name }) => [`${name}/reset`, []]));
    expect(made.steps[0]!.actions.map(({ action }) => action.kind)).toEqual(['node-stopped', 'network-cleared', 'given-back', 'ledger-closed']);
  });

  it('stops the kubelet before the runtime, and lists what is given back but what goes with its directory', () => {
    const answer = plan();
    expect(kindOf(answer.plan.steps[0]!.actions[0]!.action).words()).toContain('stop kubelet.service, containerd.service,');
    expect(pathsOf(answer)).toEqual([
      '/etc/kubernetes',
      '/opt/cni',
      '/var/lib/etcd',
      '/proc/sys/net/ipv4/ip_forward',
      '/etc/hosts',
      '/etc/systemd/system/kubelet.service',
      'containerd.service',
      'kubelet.service',
    ]);
    expect(answer.stays['cp-1']).toEqual([
      'packages that were installed: haproxy (others may have come to rely on them)',
      '/var/lib/kubewright with its lock (the number of the last run, so that no earlier one can come back)',
    ]);
  });

  it('is empty after it, and so where nothing was ever', () => {
    const snapshot = snapshotOf();
    const after = foldPlan(planReset({ cluster, desired: 'd', snapshot }).plan, snapshot);
    expect(planReset({ cluster, desired: 'd', snapshot: after }).plan.steps).toEqual([]);
    expect(plan(everywhere(GONE)).plan.steps).toEqual([]);
  });

  it('removes what was sent before any script ran, and nothing else', () => {
    const { plan: made, notOurs, unproven } = plan({ ...everywhere(GONE), 'w-1': { ...GONE, ledger: { ...NO_LEDGER, uploads: 2 } } });
    expect([notOurs, unproven, made.steps.map(({ id, actions }) => [id, actions.map(({ action }) => action.kind)])]).toEqual([[], [], [['w-1/reset', ['ledger-closed']]]]);
  });

  it('ends nothing that runs where no script of ours ran, though it runs in the namespace of Kubernetes', () => {
    const { plan: made, others } = plan({ ...everywhere(GONE), 'w-1': { ...GONE, ledger: { ...NO_LEDGER, uploads: 2, containers: 3, others: ['moby/a1'] } } });
    expect([others, made.steps.map(({ effect, actions }) => [effect, actions.map(({ action }) => action.kind)])]).toEqual([{}, [[NO_EFFECT, ['ledger-closed']]]]);
  });

  it('goes on where one died: what is as it was is not in it any more', () => {
    const half = DEPLOYED.map((entry) => (entry.path === '/opt/cni' ? { ...entry, now: 'absent' } : entry));
    const answer = plan(everywhere({ ledger: { items: half, containers: 0, others: [] } }));
    expect(pathsOf(answer)).not.toContain('/opt/cni');
    expect(answer.plan.steps).toHaveLength(cluster.nodes.length);
  });

  it('starts again what ran before under the name of a unit of ours, also where it runs', () => {
    const theirs = DEPLOYED.map((entry) => (entry.path === 'containerd.service' ? { ...entry, was: 'enabled active' } : entry));
    const { plan: made } = plan(everywhere({ ledger: ledgerOf(theirs) }));
    const given = made.steps[0]!.actions.find(({ action }) => action.kind === 'given-back')!;
    expect(kindOf(given.action).script().shell).toContain('systemctl restart containerd.service');
  });

  it('takes the endpoint’s line out of a hosts file that others have changed since', () => {
    const changed = `${OURS}10.0.0.9 theirs\n`;
    const items = DEPLOYED.map((entry) => (entry === HOSTS ? { ...entry, digest: sha256(changed) } : entry));
    const answer = plan({ 'cp-1': { ledger: ledgerOf(items), files: { '/etc/hosts': hostsFile(changed) } } });
    expect(pathsOf(answer)).not.toContain('/etc/hosts');
    const [file] = answer.plan.steps[0]!.actions.flatMap(({ action }) => (action.kind === 'file' ? [action] : []));
    expect([file!.path, Object.values(answer.plan.texts)]).toEqual(['/etc/hosts', [`${ORIGINAL}10.0.0.9 theirs\n`]]);
  });

  it('leaves a machine out whose changed hosts file is no text', () => {
    const items = DEPLOYED.map((entry) => (entry === HOSTS ? { ...entry, digest: 'd9' } : entry));
    const { text: _gone, ...unread } = hostsFile(OURS) as Extract<FileFact, { type: 'file' }>;
    expect(plan({ 'cp-1': { ledger: ledgerOf(items), files: { '/etc/hosts': unread } } }).refused).toMatchObject([{ id: 'cp-1/reset' }]);
  });

  it.each<readonly [what: string, extra: LedgerItem, says: string]>([
    ['a file that others have changed', item({ path: '/etc/crictl.yaml', what: 'file', digest: 'd9' }), 'changed since by others: /etc/crictl.yaml'],
    [
      'a program that others have put in the place of ours',
      item({ path: '/usr/local/bin/ctr', what: 'program', now: 'file 755 root:root', digest: 'd9' }),
      'changed since by others: /usr/local/bin/ctr',
    ],
    [
      'a file with a secret that others have changed',
      item({ path: '/etc/containerd/certs.d/r/hosts.toml', what: 'secret', digest: 'd9' }),
      'changed since by others: /etc/containerd/certs.d/r/hosts.toml',
    ],
    [
      'a directory in which others had something',
      { ...tree('/var/lib/containerd', '900 700 root:root'), existed: true, was: '7 700 root:root' },
      'what the cluster has added to: /var/lib/containerd',
    ],
    [
      'a unit that was masked',
      item({ path: '/etc/systemd/system/haproxy.service', what: 'masked', now: 'link /dev/null', digest: '' }),
      'masked: /etc/systemd/system/haproxy.service',
    ],
    ['a kernel module', item({ path: 'overlay', what: 'module', now: '', digest: '' }), 'kernel modules: overlay'],
  ])('leaves %s, and says so', (_what, extra, says) => {
    const answer = plan(everywhere({ ledger: ledgerOf([...DEPLOYED, extra]) }));
    expect(pathsOf(answer)).not.toContain(extra.path);
    expect(answer.stays['cp-1']!.join('\n')).toContain(says);
  });
});

describe('what is not ours', () => {
  const someFile: FileFact = { type: 'file', sha256: 'f00d', sizeBytes: 1, mode: '600', owner: 'root:root' };

  it.each<readonly [what: string, change: Partial<HostFacts>, why: string]>([
    ['a node without a ledger', { ledger: NO_LEDGER, files: { [KUBELET_CONF]: someFile } }, 'it was made by others'],
    ['a ledger that does not say what was before', { ledger: ledgerOf(DEPLOYED.filter(({ what }) => what !== 'tree')) }, 'an earlier version'],
    [
      'a node that was one before this tool came',
      { ledger: ledgerOf(DEPLOYED.map((entry) => (entry.path === '/var/lib/etcd' ? { ...entry, was: '6 700 root:root' } : entry))) },
      'the cluster was made by others',
    ],
    [
      'a machine whose ledger another cluster has left',
      { ledger: { ...ledgerOf(DEPLOYED), claim: { cluster: 'other', authority: '' } }, files: { '/etc/hosts': hostsFile(ORIGINAL) } },
      'its ledger is of other',
    ],
    ['a machine of another cluster', { files: { '/etc/hosts': hostsFile(hostsText(ORIGINAL, { host: 'api.other.kubewright.internal' })) } }, 'api.other.kubewright.internal'],
  ])('%s is refused', (_what, change, why) => {
    const { notOurs } = plan({ 'w-1': change });
    expect(notOurs).toMatchObject([{ node: 'w-1' }]);
    expect(notOurs[0]!.why).toContain(why);
  });

  it('machines of two clusters of one name are told by their CA', () => {
    const ca = (digest: string): Partial<HostFacts> => ({ files: { [CLUSTER_CA]: { ...someFile, sha256: digest } } });
    expect(plan({ 'cp-1': ca('a'), 'cp-2': ca('a'), 'w-1': ca('b') }).notOurs).toEqual([{ node: 'w-1', why: expect.stringContaining('another one than that of cp-1') }]);
    expect(plan({ 'cp-1': ca('a'), 'w-1': ca('a') }).notOurs).toEqual([]);
  });

  it('and by what their ledgers say of it, where a reset has removed it already', () => {
    const claimed = (authority: string): Partial<HostFacts> => ({ ledger: { ...ledgerOf(DEPLOYED), claim: { cluster: cluster.wide.name, authority } } });
    expect(plan({ 'cp-1': claimed('a'), 'w-1': claimed('b') }).notOurs).toEqual([{ node: 'w-1', why: expect.stringContaining('another one than that of cp-1') }]);
    expect(plan({ 'cp-1': claimed('a'), 'cp-2': claimed(''), 'w-1': claimed('a') }).notOurs).toEqual([]);
    const half: Partial<HostFacts> = { ...claimed('a'), files: { '/etc/hosts': hostsFile(ORIGINAL) } };
    expect([plan({ 'w-1': half }).unproven, plan({ 'w-1': half }).notOurs]).toEqual([[], []]);
  });

  it('a machine is proven by the endpoint’s line, or by the CA of one that is: of any other it is said', () => {
    const ca: FileFact = { ...someFile, sha256: 'a' };
    const unnamed = hostsFile(ORIGINAL);
    expect(plan().unproven).toEqual([]);
    expect(plan({ 'w-1': { files: { '/etc/hosts': unnamed } } }).unproven).toEqual(['w-1']);
    expect(plan({ 'cp-1': { files: { [CLUSTER_CA]: ca } }, 'w-1': { files: { '/etc/hosts': unnamed, [CLUSTER_CA]: ca } } }).unproven).toEqual([]);
    expect(plan(everywhere(GONE)).unproven).toEqual([]);
  });

  it('containers of others are told where the runtime’s directories go, and are in the plan; where these were filled before, they stay', () => {
    const others = ['moby/a1'];
    const runtime = tree('/run/containerd', '9 711 root:root');
    const going = plan({ 'w-1': { ledger: { ...ledgerOf([...DEPLOYED, runtime]), others } } });
    expect(going.others).toEqual({ 'w-1': others });
    const stopped = (answer: ResetAnswer) => answer.plan.steps.find(({ id }) => id === 'w-1/reset')!.actions.map(({ action }) => action)[0];
    expect(stopped(going)).toMatchObject({ kind: 'node-stopped', others });
    const staying = plan({ 'w-1': { ledger: { ...ledgerOf([...DEPLOYED, { ...runtime, existed: true, was: '7 711 root:root' }]), others } } });
    expect([staying.others, stopped(staying)]).toMatchObject([{}, { others: [] }]);
  });

  it('nodes outside the file are not looked for while no API server answers', () => expect([plan().sawNodes, plan({}, ['cp-1']).sawNodes]).toEqual([false, true]));

  it('nodes of the cluster that the file does not have are told', () => expect(plan({}, ['cp-1', 'w-9']).leftBehind).toEqual(['w-9']));

  it('a machine that could not be seen is left out by name, the others are not', () => {
    const { plan: made, refused } = plan({ 'w-1': unknown('no route') });
    expect(refused).toMatchObject([{ id: 'w-1/reset' }]);
    expect(made.steps).toHaveLength(cluster.nodes.length - 1);
  });
});

/** An oracle of its own, in the words of a ledger: `isAsBefore` is what is tried. */
function nothingToUndo({ what, existed, was, now, backup, digest }: LedgerItem): boolean {
  if (what === 'package' || what === 'masked') return false;
  // Of a secret that was there neither digest nor copy tells whether it is the same.
  if (what === 'secret' && existed) return false;
  if (what === 'unit') return now === was && !was.endsWith(' active');
  if (what === 'sysctl') return now === was || now === 'absent';
  if (!existed) return now === 'absent';
  return now === was && (what === 'tree' || backup === '' || digest === backup);
}

it('whatever a ledger holds: what others changed or had is in no plan, and all else that is not as it was is', () => {
  const anyItem = fc.record({
    path: fc.constantFrom('/etc/a', '/etc/b', '/usr/local/bin/c', '/var/lib/d', 'e.service', 'package-f'),
    what: fc.constantFrom('file', 'program', 'tree', 'unit', 'sysctl', 'package', 'directory', 'secret', 'masked'),
    existed: fc.boolean(),
    backup: fc.constantFrom('', 'd0'),
    was: fc.constantFrom('', 'file 644 root:root', '0 755 root:root', '3 755 root:root', 'disabled inactive', 'enabled active'),
    written: fc.constantFrom([], ['d1']),
    now: fc.constantFrom('absent', 'file 644 root:root', 'file 600 root:root', 'link /x', '4 755 root:root', 'enabled active'),
    digest: fc.constantFrom('', 'd0', 'd1', 'd9'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anyItem, { selector: ({ path }) => path }), (items) => {
      const answer = plan(everywhere({ ledger: ledgerOf([...DEPLOYED, ...items]) }));
      const given = new Set(pathsOf(answer));
      const stays = answer.stays['cp-1']!.join('\n');
      for (const entry of items) {
        // Neither lost nor forgotten: it is undone, or it is said, or there is nothing to undo.
        expect(Number(given.has(entry.path)) + Number(nothingToUndo(entry)) + Number(stays.includes(entry.path)), JSON.stringify(entry)).toBe(1);
        const isWritten = entry.what === 'file' || (entry.what === 'secret' && entry.written.length > 0);
        const isForeign = (isWritten && entry.now.startsWith('file ') && entry.digest === 'd9') || (entry.what === 'tree' && entry.existed && !entry.was.startsWith('0 '));
        expect(isForeign && given.has(entry.path)).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
