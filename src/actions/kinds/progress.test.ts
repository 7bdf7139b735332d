import { describe, expect, it } from 'vitest';
import { bareHost } from '../../facts/bare-host.ts';
import type { ClusterFacts } from '../../facts/cluster-facts.ts';
import type { FileFact, HostFacts, UnitFact } from '../../facts/host-facts.ts';
import { KUBEADM_TRACES } from '../../facts/kubernetes-paths.ts';
import type { View } from '../../facts/snapshot.ts';
import { memberFact, nodeFact } from '../../facts/testing/fact-arbitraries.ts';
import { readThrough, recordBasis } from '../../plan/basis.ts';
import { known, unknown } from '../../plan/fact.ts';
import { laneId, slotId } from '../../plan/plan.ts';
import type { Action } from '../action.ts';
import type { Progress } from '../kind.ts';
import { kindOf } from '../kinds.ts';

const bare = bareHost('cp-1');
const host = (facts: Partial<HostFacts>): View => ({ host: known({ ...bare, ...facts }), cluster: unknown('no API server answered') });
const emptyCluster: ClusterFacts = {
  via: laneId('cp-1'),
  uid: 'u',
  version: 'v1.36.3',
  nodes: {},
  configMaps: {},
  apiEndpoints: [],
  etcdMembers: known([]),
  workloads: {},
  bootstrapTokens: [],
};
const cluster = (facts: Partial<ClusterFacts>): View => ({ host: unknown('no single host'), cluster: known({ ...emptyCluster, ...facts }) });
const file = (facts: Partial<Extract<FileFact, { type: 'file' }>> = {}): FileFact => ({ type: 'file', sha256: 'd1', sizeBytes: 1, mode: '644', owner: 'root:root', ...facts });
const at = (path: string, fact: FileFact): View => host({ files: { [path]: fact } });
const progressOf = (action: Action, view: View): Progress => kindOf(action).progress(readThrough(recordBasis(), { facts: view }));

type Row = readonly [facts: string, view: View, progress: Progress];
const rows = (action: Action, ...table: readonly Row[]): void => {
  describe(`progress of ${action.kind}`, () => {
    it.each(table)('%s', (_facts, view, progress) => {
      expect(progressOf(action, view)).toBe(progress);
    });
  });
};

rows(
  { kind: 'file', path: '/a', mode: '644', owner: 'root:root', content: [{ text: 'd1' }], was: { absent: true } },
  ['the bytes, mode and owner', at('/a', file()), 'done'],
  ['nothing there', at('/a', { type: 'absent' }), 'absent'],
  ['other bytes', at('/a', file({ sha256: 'd2' })), 'absent'],
  ['another mode', at('/a', file({ mode: '600' })), 'absent'],
  ['another owner', at('/a', file({ owner: 'nobody:nogroup' })), 'absent'],
  ['a link', at('/a', { type: 'link', target: '/b', targetSizeBytes: 1 }), 'absent'],
  ['bytes that a step has yet to write', at('/a', { type: 'later', after: 'x' }), 'absent'],
  ['a file that was not looked at', host({ files: {} }), 'unknown'],
);

const caSlot = { slot: slotId('ca'), type: 'text', secret: false, shown: 'CA' } as const;
rows(
  { kind: 'file', path: '/a', mode: '644', owner: 'root:root', content: [caSlot], was: { absent: true } },
  ['bytes that only a run knows, not written yet', at('/a', { type: 'absent' }), 'absent'],
  ['some file: whether its bytes are right cannot be told', at('/a', file()), 'absent'],
  ['written by a step before', at('/a', { type: 'later', after: '/a' }), 'done'],
);

rows(
  { kind: 'file', path: '/a', mode: '600', owner: 'root:root', content: [{ text: 'd1' }], was: { hidden: true, isAsWanted: false } },
  ['hidden: the bytes, mode and owner', at('/a', file({ mode: '600' })), 'done'],
  ['hidden: other bytes', at('/a', file({ mode: '600', sha256: 'd2' })), 'absent'],
  ['hidden: another mode', at('/a', file()), 'absent'],
  ['hidden: a host that was not seen', { host: unknown('gone'), cluster: unknown('no API server answered') }, 'unknown'],
);

rows(
  { kind: 'file', path: '/a', mode: '600', owner: 'root:root', content: [caSlot], was: { hidden: true, isAsWanted: false } },
  ['hidden, with a slot: not the content of now', at('/a', file({ mode: '600' })), 'absent'],
  ['hidden, with a slot: written by a step before', at('/a', { type: 'later', after: '/a' }), 'done'],
);

rows({ kind: 'file', path: '/a', mode: '600', owner: 'root:root', content: [caSlot], was: { hidden: true, isAsWanted: true } }, [
  'hidden, with a slot: found to be the content of now',
  at('/a', file({ mode: '600' })),
  'done',
]);

rows(
  { kind: 'absent', path: '/a', because: 'x', secret: true },
  ['gone', at('/a', { type: 'absent' }), 'done'],
  ['there', at('/a', file()), 'absent'],
  ['a directory', at('/a', { type: 'directory', mode: '755', owner: 'root:root' }), 'absent'],
  ['not looked at', host({}), 'unknown'],
);

const stored = '/usr/local/lib/kubewright/store/s1/tool';
rows(
  { kind: 'program', path: '/bin/tool', version: '1', blob: { artifact: 'tool', sha256: 's1', sizeBytes: 5 } },
  ['linked to the program of this digest', at('/bin/tool', { type: 'link', target: stored, targetSizeBytes: 5 }), 'done'],
  ['linked to a program cut short', at('/bin/tool', { type: 'link', target: stored, targetSizeBytes: 4 }), 'absent'],
  ['linked to nothing', at('/bin/tool', { type: 'link', target: stored, targetSizeBytes: undefined }), 'absent'],
  ["somebody's own program", at('/bin/tool', file()), 'absent'],
);

const unit = (facts: Partial<UnitFact>, files: HostFacts['files'] = { '/a': file() }): View =>
  host({ files, units: { 'x.service': { load: 'loaded', active: 'active', enabled: 'enabled', mainPid: 1, startedWith: '/a d1\n', ...facts } } });
const noRecord: View = host({ files: { '/a': file() }, units: { 'x.service': { load: 'loaded', active: 'active', enabled: 'enabled', mainPid: 1 } } });
rows(
  { kind: 'unit', unit: 'x.service', want: 'running', inputs: ['/a'], onChange: 'restart' },
  ['runs, started with the inputs as they are', unit({}), 'done'],
  ['runs, started before an input changed: a restart that was lost', unit({}, { '/a': file({ sha256: 'd2' }) }), 'absent'],
  ['runs, started with an input that is gone', unit({}, { '/a': { type: 'absent' } }), 'absent'],
  ['runs, started by somebody else', noRecord, 'absent'],
  ['runs, an input is written by a step before', unit({}, { '/a': { type: 'later', after: 'x' } }), 'absent'],
  [
    'runs without a record, an input is written by a step before',
    { ...noRecord, host: known({ ...bare, files: { '/a': { type: 'later', after: 'x' } }, units: noRecord.host.state === 'known' ? noRecord.host.value.units : {} }) },
    'absent',
  ],
  ['does not run', unit({ active: 'inactive' }), 'absent'],
  ['failed', unit({ active: 'failed' }), 'absent'],
  ['would not start at boot', unit({ enabled: 'disabled' }), 'absent'],
  ['an input was not looked at', unit({}, {}), 'unknown'],
  ['the unit was not looked at', host({}), 'unknown'],
);
rows(
  { kind: 'unit', unit: 'x.service', want: 'enabled', inputs: [], onChange: 'restart' },
  ['enabled, does not run', unit({ active: 'inactive' }), 'done'],
  ['masked', unit({ enabled: 'masked' }), 'absent'],
);

rows(
  { kind: 'sysctl', name: 'net.x', value: '1' },
  ['as wanted', host({ sysctls: { 'net.x': '1' } }), 'done'],
  ['otherwise', host({ sysctls: { 'net.x': '0' } }), 'absent'],
  ['not in this kernel', host({ sysctls: { 'net.x': undefined } }), 'absent'],
);
rows({ kind: 'module', name: 'overlay' }, ['loaded', host({ platform: { ...bare.platform, kernelModules: ['overlay'] } }), 'done'], ['not loaded', host({}), 'absent']);
rows(
  { kind: 'packages', manager: 'apt', names: ['a', 'b'], keepOff: [] },
  ['both there', host({ packages: { a: '1', b: '2' } }), 'done'],
  ['one missing', host({ packages: { a: '1', b: undefined } }), 'absent'],
);
rows(
  { kind: 'images', archive: 'x', blob: { artifact: 'x', sha256: 's', sizeBytes: 1 }, images: [{ name: 'a:1', digest: 'sha256:1' }] },
  ['there', host({ images: known({ 'a:1': 'sha256:1' }) }), 'done'],
  ['another image of that name', host({ images: known({ 'a:1': 'sha256:2' }) }), 'absent'],
  ['a runtime that does not answer yet', host({ images: unknown('no socket') }), 'absent'],
);
rows(
  { kind: 'kubeadm-reset', node: 'cp-1', endsCluster: false },
  ['nothing of kubeadm', host({ files: Object.fromEntries(KUBEADM_TRACES.map((path) => [path, { type: 'absent' }])) }), 'done'],
  ['one file of kubeadm', host({ files: { ...Object.fromEntries(KUBEADM_TRACES.map((path) => [path, { type: 'absent' }])), [KUBEADM_TRACES[0]]: file() } }), 'absent'],
  ['data of etcd alone', host({ hasEtcdData: true, files: Object.fromEntries(KUBEADM_TRACES.map((path) => [path, { type: 'absent' }])) }), 'absent'],
  ['files that were not looked at', host({}), 'unknown'],
);

const peerURL = 'https://10.0.0.12:2380';
rows(
  { kind: 'member-absent', node: 'cp-2', peerURL },
  ['no member', cluster({}), 'done'],
  ['a member of another node', cluster({ etcdMembers: known([memberFact('cp-1')]) }), 'done'],
  ['a member by name, at an older address', cluster({ etcdMembers: known([memberFact('cp-2')]) }), 'absent'],
  ['a member that never started: known by its address', cluster({ etcdMembers: known([memberFact('', { peerURLs: [peerURL] })]) }), 'absent'],
  ['etcd did not answer', cluster({ etcdMembers: unknown('no answer') }), 'unknown'],
);
rows(
  { kind: 'node-absent', node: 'cp-2' },
  ['no object', cluster({}), 'done'],
  ['an object', cluster({ nodes: { 'cp-2': nodeFact('cp-2') } }), 'absent'],
  ['no cluster seen', host({}), 'unknown'],
);
rows(
  { kind: 'nodes-ready', nodes: ['a', 'b'], deadlineSeconds: 1 },
  ['both Ready', cluster({ nodes: { a: nodeFact('a'), b: nodeFact('b') } }), 'done'],
  ['one not', cluster({ nodes: { a: nodeFact('a'), b: nodeFact('b', { isReady: false }) } }), 'absent'],
  ['one missing', cluster({ nodes: { a: nodeFact('a') } }), 'absent'],
);
const workload = { annotations: { 'kubewright.dev/applied': 'd1' }, desired: 2, ready: 2, isRolledOut: true, podNodes: [] };
rows(
  { kind: 'rolled-out', workload: 'n/D/x', deadlineSeconds: 1 },
  ['rolled out', cluster({ workloads: { 'n/D/x': workload } }), 'done'],
  ['not there', cluster({}), 'absent'],
  ['rolling', cluster({ workloads: { 'n/D/x': { ...workload, isRolledOut: false } } }), 'absent'],
);
const objects: Action = { kind: 'objects', title: 'x', objects: { text: 't' }, witness: 'n/D/x', digest: 'd1' };
rows(
  objects,
  ['applied', cluster({ workloads: { 'n/D/x': workload } }), 'done'],
  ['applied by an older plan', cluster({ workloads: { 'n/D/x': { ...workload, annotations: { 'kubewright.dev/applied': 'd0' } } } }), 'absent'],
  ["somebody else's", cluster({ workloads: { 'n/D/x': { ...workload, annotations: {} } } }), 'absent'],
);
rows(
  { kind: 'tokens-revoked' },
  ['none of ours', cluster({ bootstrapTokens: [{ id: 'a', description: 'theirs' }] }), 'done'],
  ['one of ours', cluster({ bootstrapTokens: [{ id: 'a', description: 'kubewright' }] }), 'absent'],
);

const marks = (labels: string, taints: string) => ({ 'kubewright.dev/labels': labels, 'kubewright.dev/taints': taints });
const taint = { key: 'dedicated', value: 'x', effect: 'NoSchedule' };
const settled = nodeFact('w', {
  labels: { disk: 'fast', theirs: '1' },
  taints: [taint, { key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoSchedule' }],
  annotations: marks('disk', 'dedicated:NoSchedule'),
});
rows(
  { kind: 'node-settings', node: 'w', labels: { disk: 'fast' }, taints: [taint], dropLabels: ['old'], dropTaints: ['gpu:NoExecute'] },
  ["as wanted, others' beside it", cluster({ nodes: { w: settled } }), 'done'],
  ['a label of another value', cluster({ nodes: { w: { ...settled, labels: { disk: 'slow' } } } }), 'absent'],
  ['a label to drop is there', cluster({ nodes: { w: { ...settled, labels: { ...settled.labels, old: '' } } } }), 'absent'],
  ['a taint to drop is there, whatever its value', cluster({ nodes: { w: { ...settled, taints: [taint, { key: 'gpu', value: 'v', effect: 'NoExecute' }] } } }), 'absent'],
  ['a taint of another value', cluster({ nodes: { w: { ...settled, taints: [{ ...taint, value: 'y' }] } } }), 'absent'],
  ['set, but a run died before it was marked as ours', cluster({ nodes: { w: { ...settled, annotations: {} } } }), 'absent'],
  ['the node has not joined yet', cluster({}), 'absent'],
);
