import { known, unknown } from '../../plan/fact.ts';
import { foreignObjects } from '../../model/foreign.ts';
import type { ForeignObjects } from '../../model/foreign.ts';
import type { Fact } from '../../plan/fact.ts';
import type { LaneId } from '../../plan/plan.ts';
import type { ClusterFacts, EtcdMemberFact, NodeFact, WorkloadFact } from '../cluster-facts.ts';
import { isProxyVariable } from '../audit/proxy-variables.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf } from './sections.ts';

const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

/** Shapes of the API's objects, as far as they are read here. */
interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly generation?: number;
}
export interface NodeJson {
  readonly metadata: Meta;
  readonly spec: { readonly podCIDR?: string; readonly taints?: readonly { key: string; value?: string; effect: string }[] };
  readonly status: {
    readonly conditions?: readonly { type: string; status: string }[];
    readonly addresses?: readonly { type: string; address: string }[];
    readonly nodeInfo?: { readonly kubeletVersion: string; readonly containerRuntimeVersion?: string };
  };
}
export interface ContainerJson {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}
export interface WorkloadJson {
  readonly kind: string;
  readonly metadata: Meta;
  readonly spec: { readonly replicas?: number; readonly template?: { readonly spec?: { readonly containers?: readonly ContainerJson[] } } };
  readonly status: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
  };
}
interface ConfigMapJson {
  readonly metadata: Meta;
  readonly data?: Record<string, string>;
}
export interface SliceJson {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[];
}

/** What one control plane answered to `clusterScript`; unknown with the reason where its API server did not answer. */
export function parseCluster(answer: string, via: LaneId): Fact<ClusterFacts> {
  try {
    return factsOf(sectionsOf(answer), via);
  } catch (error) {
    // Objects of another shape than the API's: nothing of such an answer is believed.
    return unknown(`${via}: its answer cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function factsOf(sections: ReadonlyMap<string, string>, via: LaneId): Fact<ClusterFacts> {
  const failed = ['version', 'uid', 'nodes', 'system', 'public', 'slices', 'workloads', 'pods', 'tokens'].find((name) => sections.get(`${name}.exit`)?.trim() !== '0');
  if (failed !== undefined) return unknown(`${via}: ${linesOf(sections.get(`${failed}.error`) ?? '').at(-1) ?? `reading ${failed} failed`}`);
  if (sections.get('uid')?.trim() === '') return unknown(`${via}: reading uid failed`);
  const json = <T>(name: string): T => JSON.parse(sections.get(name) ?? '') as T;
  const list = <T>(name: string): readonly T[] => json<{ items?: readonly T[] }>(name).items ?? [];
  const pods = linesOf(sections.get('pods') ?? '');
  return known({
    via,
    uid: sections.get('uid')?.trim() ?? '',
    version: json<{ gitVersion: string }>('version').gitVersion,
    nodes: Object.fromEntries(list<NodeJson>('nodes').map((node) => [node.metadata.name, nodeFact(node)])),
    configMaps: Object.fromEntries([...configMapsOf(sections.get('system')), ...configMapsOf(sections.get('public'))]),
    apiEndpoints: list<SliceJson>('slices').flatMap(readyAddresses).sort(),
    etcdMembers: etcdMembers(sections),
    workloads: Object.fromEntries(
      list<WorkloadJson>('workloads').map((workload) => [`${workload.metadata.namespace}/${workload.kind}/${workload.metadata.name}`, workloadFact(workload, pods)]),
    ),
    bootstrapTokens: linesOf(sections.get('tokens') ?? '').map(tokenFact),
  });
}

export function nodeFact(node: NodeJson): NodeFact {
  const labels = node.metadata.labels ?? {};
  const runtimeVersion = node.status.nodeInfo?.containerRuntimeVersion;
  return {
    name: node.metadata.name,
    isReady: node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    isControlPlane: CONTROL_PLANE_LABEL in labels,
    internalIPs: (node.status.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    labels,
    annotations: node.metadata.annotations ?? {},
    taints: (node.spec.taints ?? []).map(({ key, value, effect }) => ({ key, value: value ?? '', effect })),
    podCIDR: node.spec.podCIDR ?? '',
    kubeletVersion: node.status.nodeInfo?.kubeletVersion ?? '',
    ...(runtimeVersion !== undefined && { runtimeVersion }),
  };
}

/** `kubectl get a b -o json` prints a List for several names, the object alone for one, nothing where none was found. */
export function configMapsOf(text: string | undefined): readonly (readonly [string, ForeignObjects[string]])[] {
  if (text === undefined || text.trim() === '') return [];
  const parsed = JSON.parse(text) as ConfigMapJson & { readonly items?: readonly ConfigMapJson[] };
  return Object.entries(foreignObjects(Object.fromEntries((parsed.items ?? [parsed]).map(({ metadata, data }) => [`${metadata.namespace}/${metadata.name}`, data ?? {}]))));
}

export function readyAddresses(slice: SliceJson): readonly string[] {
  return (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses);
}

function tokenFact(line: string): { readonly id: string; readonly description: string } {
  const [id = '', description = ''] = fieldsOf(line, 2);
  return { id: decodeBase64(id), description: decodeBase64(description) };
}

export function workloadFact(workload: WorkloadJson, pods: readonly string[]): WorkloadFact {
  const { status, spec, metadata } = workload;
  const isDaemonSet = workload.kind === 'DaemonSet';
  const desired = (isDaemonSet ? status.desiredNumberScheduled : spec.replicas) ?? 0;
  const ready = (isDaemonSet ? status.numberReady : status.readyReplicas) ?? 0;
  const updated = (isDaemonSet ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const isSettled = isDaemonSet || (status.replicas ?? 0) === desired;
  const isRolledOut = status.observedGeneration === metadata.generation && updated === desired && ready === desired && isSettled;
  return { annotations: metadata.annotations ?? {}, desired, ready, isRolledOut, podNodes: podNodes(workload, pods), ...proxyVariablesOf(workload) };
}

function proxyVariablesOf({ spec }: WorkloadJson): Pick<WorkloadFact, 'proxyVariables'> {
  const names = (spec.template?.spec?.containers ?? []).flatMap(({ env = [] }) => env.map(({ name }) => name).filter(isProxyVariable));
  return names.length === 0 ? {} : { proxyVariables: names };
}

/** A Deployment's pods belong to a ReplicaSet named after it with one more word. */
function podNodes(workload: WorkloadJson, pods: readonly string[]): readonly string[] {
  return pods
    .flatMap((line) => {
      const [namespace, kind, owner = '', node = '', deleted] = line.split('|');
      const isOfDeployment = workload.kind === 'Deployment' && kind === 'ReplicaSet' && owner.slice(0, owner.lastIndexOf('-')) === workload.metadata.name;
      const isOwn = isOfDeployment || (kind === workload.kind && owner === workload.metadata.name);
      return namespace === workload.metadata.namespace && isOwn && node !== '' && deleted === '' ? [node] : [];
    })
    .sort();
}

interface MemberJson {
  readonly ID: number;
  readonly name?: string;
  readonly peerURLs?: readonly string[];
  readonly clientURLs?: readonly string[];
  readonly isLearner?: boolean;
}

/** Member ids are 64 bit numbers, past what JSON.parse keeps: they are made strings before. */
const LARGE_NUMBER = /("(?:ID|member_id|leader|cluster_id)":)(\d+)/g;

export function etcdMembers(sections: ReadonlyMap<string, string>): Fact<readonly EtcdMemberFact[]> {
  const exit = sections.get('members.exit')?.trim();
  if (exit !== '0') return unknown(linesOf(sections.get('members.error') ?? '').at(-1) ?? 'etcd did not answer');
  const parse = <T>(name: string): T | undefined => parseJson<T>((sections.get(name) ?? '').replaceAll(LARGE_NUMBER, '$1"$2"'));
  const healthy = new Set((parse<readonly { endpoint: string; health: boolean }[]>('health') ?? []).filter(({ health }) => health).map(({ endpoint }) => endpoint));
  const leaders = new Set((parse<readonly { Status: { leader: string } }[]>('status') ?? []).map(({ Status }) => Status.leader));
  const members = parse<{ members: readonly (Omit<MemberJson, 'ID'> & { readonly ID: string })[] }>('members')?.members ?? [];
  return known(
    members.map((member) => ({
      id: BigInt(member.ID).toString(16),
      name: member.name ?? '',
      peerURLs: member.peerURLs ?? [],
      clientURLs: member.clientURLs ?? [],
      isLearner: member.isLearner ?? false,
      isHealthy: (member.clientURLs ?? []).some((url) => healthy.has(url)),
      isLeader: leaders.size === 1 && leaders.has(member.ID),
    })),
  );
}

/** etcdctl prints nothing, or lines of its log, where no endpoint answered. */
function parseJson<T>(text: string): T | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith('{') || candidate.startsWith('['));
  return line === undefined ? undefined : (JSON.parse(line) as T);
}
