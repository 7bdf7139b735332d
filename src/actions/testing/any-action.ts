import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { foreign } from '../../model/foreign.ts';
import type { ClusterScoped } from '../../model/scope.ts';
import type { Content, Slot } from '../../plan/plan.ts';
import { slotId } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import type { Action, ActionKind } from '../action.ts';

/** Words that break shell which is glued together: quotes, expansions, separators, globs, options, white space. */
export const hostileWords = ["it's", '"', '$(touch /x)', '`x`', '${HOME}', ';true', '&', '|x', '>y', '*', '~', '\\', '-rf', '#', '!', 'a b', 'ä€', '%s%n', '', "'\\''"];
const word = fc.oneof(fc.constantFrom(...hostileWords), fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }));
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/etc/${parts.join('x').replaceAll('/', '-') || 'file'}`);
const node = fc.constantFrom('cp-1', 'cp-2', 'w-1');
const text = fc.constantFrom('one', 'two').map((words) => ({ text: sha256(words) }));
const slot: Arbitrary<Slot<'text'>> = fc.constantFrom('join-token', 'pki/etcd/ca.key').map((name) => ({ slot: slotId(name), type: 'text', secret: true, shown: `the ${name}` }));
const content: Arbitrary<Content> = fc.oneof(
  text.map((only) => [only]),
  fc.tuple(text, slot, text),
  slot.map((only) => [only]),
);
const blob = fc.record({ artifact: word, sha256: fc.constantFrom('a', 'b').map(sha256), sizeBytes: fc.nat() });
const taints = fc.uniqueArray(fc.record({ key: fc.constantFrom('dedicated', 'gpu'), value: word, effect: fc.constantFrom('NoSchedule', 'NoExecute') }), {
  selector: ({ key, effect }) => `${key}:${effect}`,
  maxLength: 3,
});
const deadlineSeconds = fc.integer({ min: 1, max: 600 });
const workload = fc.constantFrom('kube-system/Deployment/coredns', 'kube-flannel/DaemonSet/kube-flannel-ds');

const ledgerItem: Arbitrary<LedgerItem> = fc.record({
  path,
  what: fc.constantFrom('file', 'program', 'tree', 'directory', 'unit', 'sysctl', 'secret'),
  existed: fc.boolean(),
  backup: fc.constantFrom('', sha256('c')),
  was: fc.constantFrom('file 644 root:root', 'link /usr/bin/true', 'enabled active', 'disabled inactive', '1'),
  written: fc.constantFrom([], [sha256('d')]),
  now: fc.constantFrom('absent', 'file 600 root:root', 'link /x', 'disabled inactive', '0', '12'),
  digest: fc.constantFrom('', sha256('d')),
});
// Of a secret that was there no copy is kept: it is never given back.
const ledgerItems = fc.uniqueArray(
  ledgerItem.filter(({ what, existed }) => what !== 'secret' || !existed),
  { selector: (item) => item.path, maxLength: 5 },
);
const fetchRef = fc.record({
  url: word,
  programs: fc.array(fc.record({ member: word, sha256: fc.constant(sha256('b')) }, { requiredKeys: ['sha256'] }), { minLength: 1, maxLength: 3 }),
  proxy: fc.dictionary(fc.constantFrom('http_proxy', 'no_proxy'), word),
});
const names = fc.subarray(['cni0', 'flannel.1', 'KUBE-FORWARD', 'ip/nat']);

const byKind: { readonly [K in ActionKind]: Arbitrary<Omit<Action<K>, 'kind'>> } = {
  absent: fc.record({ path, because: word, secret: fc.boolean() }),
  'api-serving': fc.record({ node, address: fc.constantFrom('10.0.0.1', 'fd00::1'), server: word }),
  'config-map-entry': fc.record({
    configMap: fc.constantFrom('kube-system/kubeadm-config', 'kube-public/cluster-info'),
    key: fc.constantFrom('ClusterConfiguration', 'config.conf', "a'b"),
    was: word.map(foreign),
    text: word.map((words) => words as ClusterScoped<string>),
    content: text,
    patch: text,
    kept: text,
    keptAs: fc.constant('kept'),
  }),
  'endpoint-answers': fc.record({ host: word, port: fc.nat(), authority: text }),
  file: fc.record({
    path,
    mode: fc.constantFrom('600', '644'),
    owner: fc.constant('root:root'),
    content,
    was: fc.oneof(fc.constant({ absent: true } as const), fc.record({ sha256: fc.constant(sha256('c')), text: word }), fc.constant({ hidden: true, isAsWanted: false } as const)),
  }),
  'given-back': fc.record({ items: ledgerItems }),
  images: fc.record(
    {
      archive: word,
      blob,
      images: fc.uniqueArray(fc.record({ name: word, digest: fc.constant('sha256:1') }), { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
      isPulled: fc.constant(true as const),
    },
    { requiredKeys: ['archive', 'blob', 'images'] },
  ),
  'kubeadm-init': fc.record({ node, config: content }),
  'kubeadm-join': fc.record({ node, role: fc.constantFrom('control-plane', 'worker'), config: content }),
  'kubeadm-reset': fc.record({ node, endsCluster: fc.boolean() }),
  'kubeconfig-server': fc.record(
    {
      path,
      from: word,
      to: word,
      reader: fc.constantFrom({ unit: 'kubelet.service', healthz: '127.0.0.1:10248' }, { unit: 'kubelet.service', healthz: '' }, { program: 'kube-scheduler' }),
    },
    { requiredKeys: ['path', 'from', 'to'] },
  ),
  'ledger-closed': fc.record({ stays: fc.subarray(['packages', 'a lock']), keeps: fc.subarray(['c0']) }),
  'member-absent': fc.record({ node, peerURL: node.map((name) => `https://${name}.example:2380`) }),
  module: fc.record({ name: word }),
  'network-cleared': fc.record({ links: names, chains: names, tables: fc.subarray(['ip/nat', 'ip6/filter']) }),
  'node-absent': fc.record({ node }),
  'node-settings': fc.record({
    node,
    labels: fc.dictionary(fc.constantFrom('disk', 'zone'), word),
    taints,
    dropLabels: fc.subarray(['old', 'older']),
    dropTaints: fc.subarray(['node-role.kubernetes.io/control-plane:NoSchedule', 'node-role.kubernetes.io/control-plane:NoExecute']),
  }),
  'node-stopped': fc.record({
    units: fc.subarray(['kubelet.service', 'b@x.service'], { minLength: 1 }),
    items: ledgerItems,
    others: fc.subarray(['moby/a1', 'my.own/b-2']),
  }),
  'nodes-ready': fc.record({ nodes: fc.subarray(['cp-1', 'cp-2', 'w-1'], { minLength: 1 }), deadlineSeconds }),
  objects: fc.record({ title: word, objects: text, witness: workload, digest: fc.constantFrom('0123', '89ab') }),
  packages: fc.record({
    manager: fc.constantFrom('apt', 'dnf'),
    names: fc.subarray(['socat', 'haproxy'], { minLength: 1 }),
    keepOff: fc.subarray([{ package: 'haproxy', unit: 'haproxy.service' }]),
  }),
  'place-secret': fc.record({ path, slot }),
  program: fc.record({ path, version: word, blob, fetch: fetchRef }, { requiredKeys: ['path', 'version', 'blob'] }),
  'read-files': fc.record({ title: word, files: fc.array(fc.record({ path, slot }), { minLength: 1, maxLength: 3 }) }),
  'rolled-out': fc.record({ workload, deadlineSeconds }),
  'serving-names': fc.record({
    names: fc.subarray(['api.example', '10.0.0.9'], { minLength: 1 }),
    certificate: path,
    key: path,
    authority: path,
    authorityKey: path,
    was: fc.constant(sha256('c')),
    config: text,
    shownAt: word,
  }),
  'static-pod': fc.record(
    {
      component: fc.constantFrom('kube-apiserver', 'etcd'),
      path,
      mode: fc.constantFrom('600', '644'),
      owner: fc.constant('root:root'),
      content: text,
      was: fc.record({ sha256: fc.constant(sha256('c')), text: word }),
      flags: fc.subarray(['--advertise-address=10.0.0.1', "--x='$(y)"]),
      kill: word,
    },
    { requiredKeys: ['component', 'path', 'mode', 'owner', 'content', 'was', 'flags'] },
  ),
  sysctl: fc.record({ name: fc.constantFrom('net.ipv4.ip_forward', 'vm.overcommit'), value: word }),
  'token-create': fc.record({ slot, minutes: fc.integer({ min: 1, max: 60 }) }),
  'token-generate': fc.record({ slot }),
  'tokens-revoked': fc.constant({}),
  'tokens-absent': fc.record({ ids: fc.subarray(['aaaaaa', 'bbbbbb'], { minLength: 1 }) }),
  unit: fc.record({
    unit: fc.constantFrom('a.service', 'b@x.service'),
    want: fc.constantFrom('running', 'enabled'),
    inputs: fc.subarray(['/etc/a', '/etc/b']),
    onChange: fc.constantFrom('restart', 'reload'),
  }),
  'workload-restarted': fc.record({ workload, digest: fc.constantFrom('0123', '89ab') }),
  'workload-variables-absent': fc.record({ workload, variables: fc.subarray(['HTTP_PROXY', 'no_proxy'], { minLength: 1 }) }),
};

/** Any action of one kind, with values that a careless script would trip over. */
export function anyAction(kind: ActionKind): Arbitrary<Action> {
  const fields: Arbitrary<object> = byKind[kind];
  return fields.map((rest) => ({ kind, ...rest }) as Action);
}
