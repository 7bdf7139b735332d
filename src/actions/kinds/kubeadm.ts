import { RUNTIME_SOCKET } from '../../shell/ledger-shell.ts';
import type { ClusterFacts, NodeFact } from '../../facts/cluster-facts.ts';
import type { FileFact, HostFacts } from '../../facts/host-facts.ts';
import { hostTraces, initState, joinProbes, joinState } from '../../facts/join-state.ts';
import type { JoinState } from '../../facts/join-state.ts';
import {
  ADMIN_CONF,
  BOOTSTRAP_KUBELET_CONF,
  CLUSTER_CA,
  CONTROL_PLANE_COMPONENTS,
  KUBEADM_TRACES,
  KUBELET_CONF,
  KUBELET_CONFIG,
  KUBELET_FLAGS,
  SUPER_ADMIN_CONF,
  manifestPath,
} from '../../facts/kubernetes-paths.ts';
import { STARTED_LATER } from '../../facts/unit-inputs.ts';
import { known, unknown } from '../../plan/fact.ts';
import type { Content } from '../../plan/plan.ts';
import { laneId } from '../../plan/plan.ts';
import { command, quote } from '../../shell/quote.ts';
import { TOKEN_DESCRIPTION } from './tokens.ts';
import { INIT_MARK, JOIN_MARK } from '../../shell/remote-paths.ts';
import type { Kind, Progress } from '../kind.ts';
import { DRIFTED_EXIT, inputWords, inputsOf } from '../kind.ts';
import { withHost } from '../predict.ts';

/** `kubeadm init` with this configuration: the cluster exists and this node is its control plane. */
export interface KubeadmInitAction {
  readonly kind: 'kubeadm-init';
  readonly node: string;
  readonly config: Content;
}

/** `kubeadm join` with this configuration: the node is a member of the cluster. */
export interface KubeadmJoinAction {
  readonly kind: 'kubeadm-join';
  readonly node: string;
  readonly role: 'control-plane' | 'worker';
  readonly config: Content;
}

/** The host holds nothing of a cluster. etcd's membership is not its business: a member is removed through another one before. */
export interface KubeadmResetAction {
  readonly kind: 'kubeadm-reset';
  readonly node: string;
  /** The node is all there is of the cluster: an init that died. */
  readonly endsCluster: boolean;
}

const progressOf: Record<JoinState, Progress> = { absent: 'absent', partial: 'partial', joined: 'done', foreign: 'unknown', unknown: 'unknown' };

const LATER: FileFact = { type: 'later', after: 'kubeadm' };

/** kubeadm fills shared objects with its shell's proxy variables (kubeadm util/env.go): it gets none. */
const CLEAN_ENVIRONMENT = 'env -i PATH="$PATH" HOME=/root LC_ALL=C';

function kubeadmScript(verb: 'init' | 'join', config: Content): { readonly shell: string; readonly inputs: ReturnType<typeof inputsOf> } {
  const skip = verb === 'init' ? ' --skip-token-print' : '';
  const mark = verb === 'init' ? INIT_MARK : JOIN_MARK;
  return {
    shell: [
      `(umask 077; cat ${inputWords(config)} > "$KW_IN/kubeadm.yaml")`,
      // On the disk before kubeadm changes anything, so that a power cut does not make our own half-done work a stranger's.
      `${command('kw_ledger', mark, 'mark')}\n: > ${mark}\nsync ${mark} ${mark.slice(0, mark.lastIndexOf('/'))}`,
      `${CLEAN_ENVIRONMENT} kubeadm ${verb} --config "$KW_IN/kubeadm.yaml"${skip}`,
      // The ledger knows the cluster by its CA from now on.
      'kw_claim',
      `rm -f ${mark}\nsync ${mark.slice(0, mark.lastIndexOf('/'))}`,
    ].join('\n'),
    inputs: inputsOf(config),
  };
}

function filesAfter(role: 'control-plane' | 'worker', files: HostFacts['files']): HostFacts['files'] {
  const ofControlPlane = role === 'worker' ? [] : [...CONTROL_PLANE_COMPONENTS.map(manifestPath), ADMIN_CONF];
  const written = [...ofControlPlane, KUBELET_CONF, KUBELET_CONFIG, KUBELET_FLAGS, CLUSTER_CA];
  return { ...files, ...Object.fromEntries(written.map((path) => [path, LATER])), [BOOTSTRAP_KUBELET_CONF]: { type: 'absent' } };
}

function nodeAfter(node: string, isControlPlane: boolean): NodeFact {
  return { name: node, isReady: false, isControlPlane, internalIPs: [], labels: {}, annotations: {}, taints: [], podCIDR: '', kubeletVersion: '' };
}

function joinedHost({ files, units }: HostFacts, role: 'control-plane' | 'worker'): Partial<HostFacts> {
  const kubelet = { load: 'loaded', enabled: 'enabled', mainPid: 0, ...units['kubelet.service'], active: 'active', startedWith: STARTED_LATER };
  return { files: filesAfter(role, files), units: { ...units, 'kubelet.service': kubelet }, ...(role === 'control-plane' && { hasEtcdData: true }) };
}

function joinedCluster(cluster: ClusterFacts, node: string, role: 'control-plane' | 'worker'): ClusterFacts {
  const nodes = { ...cluster.nodes, [node]: nodeAfter(node, role === 'control-plane') };
  if (role === 'worker' || cluster.etcdMembers.state !== 'known') return { ...cluster, nodes };
  const member = { id: '', name: node, peerURLs: [], clientURLs: [], isLearner: false, isHealthy: true, isLeader: false };
  return { ...cluster, nodes, etcdMembers: known([...cluster.etcdMembers.value.filter(({ name }) => name !== node), member]) };
}

const workload = { annotations: {}, desired: 0, ready: 0, isRolledOut: false, podNodes: [] };

/** The cluster that init makes, as far as later steps read it. */
function initialCluster(node: string): ClusterFacts {
  const empty: ClusterFacts = {
    via: laneId(node),
    uid: STARTED_LATER,
    version: STARTED_LATER,
    nodes: {},
    configMaps: { 'kube-public/cluster-info': {}, 'kube-system/kubeadm-config': {} },
    apiEndpoints: [],
    etcdMembers: known([]),
    workloads: { 'kube-system/DaemonSet/kube-proxy': workload, 'kube-system/Deployment/coredns': workload },
    bootstrapTokens: [{ id: STARTED_LATER, description: TOKEN_DESCRIPTION }],
  };
  return joinedCluster(empty, node, 'control-plane');
}

export const kubeadmInit: Kind<KubeadmInitAction> = {
  words: ({ node }) => `create the cluster on ${node} with kubeadm init`,
  details: ({ config }) => ({
    command: 'kubeadm init --config kubeadm.yaml --skip-token-print',
    file: { path: 'kubeadm.yaml', mode: '0600', owner: 'root:root', content: config },
  }),
  probes: () => [...joinProbes, { probe: 'file', path: SUPER_ADMIN_CONF, text: false }],
  progress: ({ node }, reading) => progressOf[initState(node, reading)],
  script: ({ config }) => kubeadmScript('init', config),
  predict: ({ node }, view) => {
    const { host } = withHost(view, (facts) => joinedHost({ ...facts, files: { ...facts.files, [SUPER_ADMIN_CONF]: LATER } }, 'control-plane'));
    return { host, cluster: known(initialCluster(node)) };
  },
};

export const kubeadmJoin: Kind<KubeadmJoinAction> = {
  words: ({ node, role }) => `join ${node} as ${role === 'worker' ? 'a worker' : 'a control plane'} with kubeadm join`,
  details: ({ config }) => ({ command: 'kubeadm join --config kubeadm.yaml', file: { path: 'kubeadm.yaml', mode: '0600', owner: 'root:root', content: config } }),
  probes: () => joinProbes,
  progress: ({ node, role }, reading) => progressOf[joinState(node, role, reading)],
  script: ({ config }) => kubeadmScript('join', config),
  predict: ({ node, role }, view) => ({
    ...withHost(view, (facts) => joinedHost(facts, role)),
    cluster: view.cluster.state === 'known' ? known(joinedCluster(view.cluster.value, node, role)) : view.cluster,
  }),
};

/** What reset leaves and a new join must not find (kubeadm reset's own closing words name the first). */
const LEFT_BY_RESET = ['/etc/cni/net.d/*', '/etc/kubernetes/*.conf', '/etc/kubernetes/pki', '/var/lib/etcd/member'];

const RESET_PROGRESS = { none: 'done', some: 'absent', unknown: 'unknown' } as const satisfies Record<string, Progress>;

export const kubeadmReset: Kind<KubeadmResetAction> = {
  words: ({ node }) => `clean ${node} of a half-done init or join`,
  details: () => ({ command: 'kubeadm reset --force --skip-phases=remove-etcd-member' }),
  probes: () => joinProbes,
  progress: (_action, reading) => RESET_PROGRESS[hostTraces(reading)],
  script: ({ node }) => ({
    shell: [
      // A plan may have grown old while somebody was asked: what is no half-done work of ours any more is not cleaned.
      `[ -e ${INIT_MARK} ] || [ -e ${JOIN_MARK} ] || { printf '%s has joined since the plan was made\\n' ${quote(node)}; exit ${DRIFTED_EXIT}; }`,
      // No member of etcd depends on this data any more: it was removed, and proven gone, before.
      `${CLEAN_ENVIRONMENT} kubeadm reset --force --skip-phases=remove-etcd-member --cri-socket unix://${RUNTIME_SOCKET}`,
      `rm -rf ${LEFT_BY_RESET.join(' ')}`,
      `rm -f ${INIT_MARK} ${JOIN_MARK}`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ endsCluster }, view) => ({
    cluster: endsCluster ? unknown('there is no cluster yet') : view.cluster,
    host: withHost(view, ({ files }) => ({
      hasEtcdData: false,
      files: { ...files, ...Object.fromEntries([...KUBEADM_TRACES, CLUSTER_CA, SUPER_ADMIN_CONF, INIT_MARK, JOIN_MARK].map((path) => [path, { type: 'absent' }])) },
    })).host,
  }),
};
