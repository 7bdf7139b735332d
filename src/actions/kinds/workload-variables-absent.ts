import { clusterKey } from '../../facts/keys.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';
import { resourceOf } from './wait.ts';

/** A Deployment or DaemonSet without these proxy variables in its containers. */
export interface WorkloadVariablesAbsentAction {
  readonly kind: 'workload-variables-absent';
  /** `namespace/Kind/name`. */
  readonly workload: string;
  readonly variables: readonly string[];
}

function removal({ workload, variables }: WorkloadVariablesAbsentAction): string {
  const [namespace, resource] = resourceOf(workload);
  return kubectl('-n', namespace, 'set', 'env', resource, ...variables.map((name) => `${name}-`));
}

export const workloadVariablesAbsent: Kind<WorkloadVariablesAbsentAction> = {
  words: ({ workload, variables }) => `take ${variables.join(', ')} out of ${workload}`,
  details: (action) => ({ command: removal(action), restarts: `the pods of ${action.workload}, in turn` }),
  probes: () => [],
  progress: ({ workload, variables }, reading) => {
    const fact = reading.read(
      clusterKey(
        `proxy variables of ${workload}`,
        ({ workloads }) => variables.filter((name) => workloads[workload]?.proxyVariables?.includes(name) === true),
        (names) => names.join(' ') || 'none',
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value.length === 0 ? 'done' : 'absent';
  },
  script: (action) => ({ shell: removal(action), inputs: [] }),
  predict: ({ workload, variables }, view) =>
    withCluster(view, ({ workloads }) => {
      const now = workloads[workload];
      if (now?.proxyVariables === undefined) return {};
      const { proxyVariables, ...rest } = now;
      const left = proxyVariables.filter((name) => !variables.includes(name));
      if (left.length === proxyVariables.length) return {};
      return { workloads: { ...workloads, [workload]: { ...rest, isRolledOut: false, ...(left.length > 0 && { proxyVariables: left }) } } };
    }),
};
