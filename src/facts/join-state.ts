import type { Fact, Reading } from '../plan/fact.ts';
import type { ClusterFacts, EtcdMemberFact } from './cluster-facts.ts';
import type { FileFact } from './host-facts.ts';
import { clusterKey, fileKey, platformKey } from './keys.ts';
import { CONTROL_PLANE_COMPONENTS, KUBEADM_TRACES, KUBELET_CONF, manifestPath } from './kubernetes-paths.ts';
import type { View } from './snapshot.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';

/** How far a node is with its membership; what decides is observed on the host and through a healthy control plane. */
export type JoinState =
  | 'absent'
  /** A kubeadm of ours began and did not succeed: its mark is there. */
  | 'partial'
  | 'joined'
  /** Something is there that no kubeadm of ours left half-done: never ours to clean. */
  | 'foreign'
  | 'unknown';

const nodeKey = (name: string) => clusterKey(`node ${name}`, ({ nodes }) => (name in nodes ? (nodes[name]?.isControlPlane === true ? 'control plane' : 'worker') : 'none'), String);

const memberKey = (name: string) => clusterKey(`etcd member ${name}`, (cluster) => memberState(cluster, name), String);

const etcdDataKey = platformKey('data of an etcd member', ({ hasEtcdData }) => hasEtcdData);

/** A member that has not started yet has no name: it is told by the host that is joining, which is the only one that can be unnamed. */
function memberState({ etcdMembers }: ClusterFacts, name: string): 'voting' | 'learner' | 'none' | 'unknown' {
  if (etcdMembers.state !== 'known') return 'unknown';
  const member = etcdMembers.value.find((candidate: EtcdMemberFact) => candidate.name === name);
  if (member === undefined) return 'none';
  return member.isLearner ? 'learner' : 'voting';
}

const isFile = (fact: Fact<FileFact>): boolean => fact.state === 'known' && fact.value.type !== 'absent';

/** What kubeadm left on the host, whatever the cluster says. */
export function hostTraces(reading: Reading<View>): 'none' | 'some' | 'unknown' {
  const { any, known } = traces(reading);
  return known ? (any ? 'some' : 'none') : 'unknown';
}

/** Whether a host holds what kubeadm leaves and no kubeadm of ours was at work there: known without any cluster. */
export function isStrange(reading: Reading<View>): boolean {
  return hostTraces(reading) === 'some' && [INIT_MARK, JOIN_MARK].every((mark) => halfDone(mark, reading) === 'foreign');
}

function traces(reading: Reading<View>): { readonly any: boolean; readonly has: (path: string) => boolean; readonly known: boolean } {
  const facts = new Map<string, Fact<FileFact>>(KUBEADM_TRACES.map((path) => [path, reading.read(fileKey(path))]));
  const data = reading.read(etcdDataKey);
  const has = (path: string): boolean => isFile(facts.get(path) ?? { state: 'unknown', why: '' });
  const known = [...facts.values(), data].every(({ state }) => state === 'known');
  return { any: [...facts.values()].some(isFile) || (data.state === 'known' && data.value), has, known };
}

/** How a node is seen that has joined. */
const WHOLE = {
  'control-plane': { node: 'control plane', member: 'voting', files: [KUBELET_CONF, ...CONTROL_PLANE_COMPONENTS.map(manifestPath)] },
  worker: { node: 'worker', member: 'none', files: [KUBELET_CONF] },
} as const;

/** The state of `name` towards the cluster that the view sees. A cluster that cannot be seen while the host holds traces is `unknown`. */
export function joinState(name: string, role: 'control-plane' | 'worker', reading: Reading<View>): JoinState {
  const host = traces(reading);
  if (!host.known) return 'unknown';
  const node = reading.read(nodeKey(name));
  const member = reading.read(memberKey(name));
  if (node.state !== 'known' || member.state !== 'known') return host.any ? 'unknown' : 'absent';
  const whole = WHOLE[role];
  const hasFiles = whole.files.every(host.has);
  if (member.value === whole.member && hasFiles && node.value === whole.node) return 'joined';
  // A voting member with all its manifests and no Node object serves: no join that died leaves this, so no repair of ours may touch it.
  const serves = member.value === 'voting' && whole.member === 'voting' && hasFiles && node.value === 'none';
  if (member.value === 'unknown' || serves) return 'unknown';
  const isNothing = [node.value, member.value].every((value) => value === 'none') && !host.any;
  return isNothing ? 'absent' : halfDone(JOIN_MARK, reading);
}

function halfDone(mark: string, reading: Reading<View>): JoinState {
  const fact = reading.read(fileKey(mark));
  if (fact.state !== 'known') return 'unknown';
  return fact.value.type === 'absent' ? 'foreign' : 'partial';
}

/** Objects that the last phases of `kubeadm init` make: with them all, init came to its end. */
const INIT_RESULTS = ['kube-system/DaemonSet/kube-proxy', 'kube-system/Deployment/coredns'];

const initKey = clusterKey(
  'results of kubeadm init',
  ({ workloads, configMaps }) => INIT_RESULTS.every((name) => name in workloads) && 'kube-public/cluster-info' in configMaps,
  String,
);

/**
 * The state of the node on which init runs or ran. Without an answering API, what init left on the host is half-done. A cluster that answers in part is no such
 * cluster: a mark may have been left by an init that was killed after its end.
 */
export function initState(name: string, reading: Reading<View>): JoinState {
  const host = traces(reading);
  if (!host.known) return 'unknown';
  const results = reading.read(initKey);
  const joined = joinState(name, 'control-plane', reading);
  if (results.state === 'known' && joined === 'unknown') return 'unknown';
  if (results.state === 'known' && results.value && joined === 'joined') return 'joined';
  return host.any ? halfDone(INIT_MARK, reading) : 'absent';
}

export const joinProbes = [...KUBEADM_TRACES, INIT_MARK, JOIN_MARK].map((path) => ({ probe: 'file', path, text: false }) as const);
