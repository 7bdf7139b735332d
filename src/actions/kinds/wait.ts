import { clusterKey } from '../../facts/keys.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** Nodes that must be Ready. A goal: a cluster whose node is not Ready is not yet as desired. */
export interface NodesReadyAction {
  readonly kind: 'nodes-ready';
  readonly nodes: readonly string[];
  readonly deadlineSeconds: number;
}

/** A Deployment or DaemonSet whose pods are all new and Ready. */
export interface RolledOutAction {
  readonly kind: 'rolled-out';
  /** `namespace/Kind/name`. */
  readonly workload: string;
  readonly deadlineSeconds: number;
}

export const nodesReady: Kind<NodesReadyAction> = {
  words: ({ nodes }) => `wait until ${nodes.join(', ')} ${nodes.length === 1 ? 'is' : 'are'} Ready`,
  details: ({ nodes, deadlineSeconds }) => ({ command: kubectl('wait', '--for=condition=Ready', `--timeout=${deadlineSeconds}s`, 'node', ...nodes) }),
  probes: () => [],
  progress: ({ nodes: wanted }, reading) => {
    const fact = reading.read(
      clusterKey(
        `nodes not Ready of ${wanted.join(' ')}`,
        ({ nodes }) => wanted.filter((name) => nodes[name]?.isReady !== true),
        (names) => names.join(' ') || 'none',
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value.length === 0 ? 'done' : 'absent';
  },
  script: ({ nodes, deadlineSeconds }) => ({
    shell: `${kubectl('wait', '--for=condition=Ready', `--timeout=${deadlineSeconds}s`, 'node', ...nodes)} || { ${kubectl('describe', 'nodes', ...nodes)} | grep -A 12 '^Conditions' ; exit 1; }`,
    inputs: [],
  }),
  predict: ({ nodes: wanted }, view) =>
    withCluster(view, ({ nodes }) => ({
      nodes: { ...nodes, ...Object.fromEntries(wanted.flatMap((name) => (nodes[name] === undefined ? [] : [[name, { ...nodes[name], isReady: true }]]))) },
    })),
};

/** Of `namespace/Kind/name`: the namespace, and `kind/name` as kubectl takes it. */
export function resourceOf(workload: string): readonly [namespace: string, resource: string] {
  const [namespace = '', kind = '', name = ''] = workload.split('/');
  return [namespace, `${kind.toLowerCase()}/${name}`];
}

export const rolledOut: Kind<RolledOutAction> = {
  words: ({ workload }) => `wait until ${workload} is rolled out`,
  details: ({ workload, deadlineSeconds }) => ({ command: rolloutCommand(workload, deadlineSeconds) }),
  probes: () => [],
  progress: ({ workload }, reading) => {
    const fact = reading.read(clusterKey(`rollout of ${workload}`, ({ workloads }) => workloads[workload]?.isRolledOut ?? false, String));
    if (fact.state !== 'known') return 'unknown';
    return fact.value ? 'done' : 'absent';
  },
  script: ({ workload, deadlineSeconds }) => {
    const [namespace] = resourceOf(workload);
    return {
      shell: `${rolloutCommand(workload, deadlineSeconds)} || { ${kubectl('-n', namespace, 'get', 'pods', '-o', 'wide')}; ${kubectl('-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp')} | tail -n 15; exit 1; }`,
      inputs: [],
    };
  },
  predict: ({ workload }, view) =>
    withCluster(view, ({ workloads }) => (workloads[workload] === undefined ? {} : { workloads: { ...workloads, [workload]: { ...workloads[workload], isRolledOut: true } } })),
};

function rolloutCommand(workload: string, deadlineSeconds: number): string {
  const [namespace, resource] = resourceOf(workload);
  return kubectl('-n', namespace, 'rollout', 'status', resource, `--timeout=${deadlineSeconds}s`);
}
