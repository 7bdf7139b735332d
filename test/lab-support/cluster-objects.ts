import { kubectlJson } from './operator-kubectl.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly conditions: readonly Condition[]; readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

const holds = (conditions: readonly Condition[] | undefined, type: string): boolean =>
  conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

export interface SeenNode {
  readonly name: string;
  readonly isReady: boolean;
  readonly isControlPlane: boolean;
  readonly addresses: readonly string[];
}

/** Nodes as kubectl shows them, by name. */
export async function nodesOf(operator: OperatorKubectl): Promise<readonly SeenNode[]> {
  const { items } = await kubectlJson<{ readonly items: readonly NodeObject[] }>(operator, 'get', 'nodes', '--sort-by', '.metadata.name');
  return items.map(({ metadata, status }) => ({
    name: metadata.name,
    isReady: holds(status.conditions, 'Ready'),
    isControlPlane: 'node-role.kubernetes.io/control-plane' in metadata.labels,
    addresses: status.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
  }));
}

export interface SeenPod {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly address: string;
  readonly phase: string;
  readonly isReady: boolean;
  /** Of all its containers. */
  readonly restarts: number;
}

/** Pods of all namespaces, or of one. */
export async function podsOf(operator: OperatorKubectl, namespace?: string): Promise<readonly SeenPod[]> {
  const where = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
  const { items } = await kubectlJson<{ readonly items: readonly PodObject[] }>(operator, 'get', 'pods', ...where);
  return items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    namespace: metadata.namespace,
    node: spec.nodeName ?? '',
    address: status.podIP ?? '',
    phase: status.phase,
    isReady: status.phase === 'Running' && holds(status.conditions, 'Ready'),
    restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
  }));
}
