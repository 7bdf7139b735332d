import type { ClusterFacts, EtcdMemberFact, NodeFact, WorkloadFact } from '../facts/cluster-facts.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

/** Sections of `clusterScript` whose failure makes an answer say nothing. */
const NEEDED = ['version', 'uid', 'nodes', 'system', 'public', 'slices', 'workloads', 'pods', 'tokens', 'members'] as const;

/** The answer of a control plane that sees the cluster so, to `clusterScript`: what `parseCluster` reads. */
export function encodeCluster(facts: ClusterFacts): string {
  const sections: Readonly<Record<string, string>> = {
    version: JSON.stringify({ gitVersion: facts.version }),
    uid: facts.uid,
    nodes: JSON.stringify({ items: Object.values(facts.nodes).map(node) }),
    system: JSON.stringify({ items: configMaps(facts, 'kube-system') }),
    public: JSON.stringify({ items: configMaps(facts, 'kube-public') }),
    slices: JSON.stringify({ items: [{ endpoints: facts.apiEndpoints.map((address) => ({ addresses: [address] })) }] }),
    workloads: JSON.stringify({ items: Object.entries(facts.workloads).map(([name, value]) => workload(name, value)) }),
    pods: Object.entries(facts.workloads)
      .flatMap(([name, { podNodes }]) => podNodes.map((on) => pod(name, on)))
      .join(''),
    tokens: facts.bootstrapTokens.map(({ id, description }) => `${base64(id)}|${base64(description)}\n`).join(''),
    ...etcd(facts.etcdMembers.state === 'known' ? facts.etcdMembers.value : []),
  };
  const failing = facts.etcdMembers.state === 'known' ? new Map<string, string>() : new Map([['members', facts.etcdMembers.why]]);
  return answer(sections, failing);
}

/** The answer of a machine on which no API server is ready. */
export function encodeNoCluster(why: string): string {
  return answer({}, new Map(NEEDED.map((name) => [name, why])));
}

function answer(sections: Readonly<Record<string, string>>, failing: ReadonlyMap<string, string>): string {
  const names = [...new Set([...Object.keys(sections), ...failing.keys()])];
  const of = (name: string): readonly (readonly [string, string])[] => {
    const why = failing.get(name);
    const text = why === undefined ? (sections[name] ?? '') : '';
    return [
      [name, base64(text)],
      [`${name}.exit`, base64(why === undefined ? '0\n' : '1\n')],
      [`${name}.error`, base64(why ?? '')],
    ];
  };
  return JSON.stringify(Object.fromEntries(names.flatMap(of)));
}

function node({ name, isReady, isControlPlane, internalIPs, labels, annotations, taints, podCIDR, kubeletVersion }: NodeFact): object {
  return {
    metadata: { name, labels: { ...labels, ...(isControlPlane && { [CONTROL_PLANE_LABEL]: '' }) }, annotations },
    spec: { podCIDR, taints },
    status: {
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'Unknown' }],
      addresses: internalIPs.map((address) => ({ type: 'InternalIP', address })),
      nodeInfo: { kubeletVersion },
    },
  };
}

function configMaps({ configMaps: all }: ClusterFacts, namespace: string): readonly object[] {
  return Object.entries(all).flatMap(([full, data]) => {
    const [of = '', name = ''] = full.split('/');
    return of === namespace ? [{ metadata: { namespace: of, name }, data }] : [];
  });
}

function workload(full: string, { annotations, desired, ready, isRolledOut, proxyVariables = [] }: WorkloadFact): object {
  const [namespace, kind, name] = full.split('/');
  const updated = isRolledOut ? desired : desired + 1;
  const status =
    kind === 'DaemonSet'
      ? { desiredNumberScheduled: desired, numberReady: ready, updatedNumberScheduled: updated }
      : { replicas: desired, readyReplicas: ready, updatedReplicas: updated };
  const template = { spec: { containers: [{ env: proxyVariables.map((variable) => ({ name: variable })) }] } };
  return { kind, metadata: { namespace, name, annotations, generation: 1 }, spec: { replicas: desired, template }, status: { ...status, observedGeneration: 1 } };
}

/** A Deployment's pods belong to a ReplicaSet named after it. */
function pod(full: string, on: string): string {
  const [namespace, kind, name] = full.split('/');
  return kind === 'Deployment' ? `${namespace}|ReplicaSet|${name}-1|${on}|\n` : `${namespace}|${kind}|${name}|${on}|\n`;
}

/** Ids as etcd prints them: numbers of 64 bits, too large for `JSON.stringify`. */
function etcd(members: readonly EtcdMemberFact[]): Readonly<Record<string, string>> {
  const decimal = ({ id }: EtcdMemberFact): string => BigInt(`0x${id}`).toString();
  const list = members.map((member) => {
    const { name, peerURLs, clientURLs, isLearner } = member;
    return `{"ID":${decimal(member)},${JSON.stringify({ name, peerURLs, clientURLs, isLearner }).slice(1)}`;
  });
  const endpoints = members.flatMap(({ clientURLs, isHealthy }) => clientURLs.map((endpoint) => ({ endpoint, health: isHealthy })));
  const leader = members.find(({ isLeader }) => isLeader);
  return {
    members: `{"members":[${list.join(',')}]}`,
    health: JSON.stringify(endpoints),
    status: leader === undefined ? '[]' : `[{"Status":{"leader":${decimal(leader)}}}]`,
  };
}
