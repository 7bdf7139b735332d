import { RESTART_DUE_ANNOTATION } from '../../facts/cluster-facts.ts';
import type { WorkloadFact } from '../../facts/cluster-facts.ts';
import { clusterKey } from '../../facts/keys.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';
import { resourceOf } from './wait.ts';

/** Annotation of a workload: for the sake of what its pods were started anew. */
const RESTARTED_ANNOTATION = 'kubewright.dev/restarted-for';

/** A Deployment or DaemonSet whose pods were started, or are being started, for the sake of what the digest stands for. */
export interface WorkloadRestartedAction {
  readonly kind: 'workload-restarted';
  /** `namespace/Kind/name`. */
  readonly workload: string;
  readonly digest: string;
}

/** Nothing, while a restart is due. */
function restartedFor(workload: WorkloadFact | undefined): string | undefined {
  return workload === undefined || RESTART_DUE_ANNOTATION in workload.annotations ? undefined : workload.annotations[RESTARTED_ANNOTATION];
}

function patchOf({ digest }: WorkloadRestartedAction): string {
  const metadata = { annotations: { [RESTARTED_ANNOTATION]: digest } };
  // What is null goes: the restart is no longer due.
  const noted = { annotations: { ...metadata.annotations, [RESTART_DUE_ANNOTATION]: null } };
  return JSON.stringify({ metadata: noted, spec: { template: { metadata } } });
}

function patchCommand(action: WorkloadRestartedAction): string {
  const [namespace, resource] = resourceOf(action.workload);
  return kubectl('-n', namespace, 'patch', resource, '--type=strategic', '-p', patchOf(action));
}

export const workloadRestarted: Kind<WorkloadRestartedAction> = {
  words: ({ workload }) => `start the pods of ${workload} anew`,
  details: (action) => ({ command: patchCommand(action), restarts: `the pods of ${action.workload}, in turn` }),
  probes: () => [],
  progress: ({ workload, digest }, reading) => {
    const fact = reading.read(
      clusterKey(
        `restart of ${workload}`,
        ({ workloads }) => restartedFor(workloads[workload]),
        (value) => value ?? 'none',
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value === digest ? 'done' : 'absent';
  },
  script: (action) => ({ shell: patchCommand(action), inputs: [] }),
  predict: ({ workload, digest }, view) =>
    withCluster(view, ({ workloads }) => {
      const now = workloads[workload];
      if (now === undefined || restartedFor(now) === digest) return {};
      const { [RESTART_DUE_ANNOTATION]: _, ...annotations } = now.annotations;
      return { workloads: { ...workloads, [workload]: { ...now, isRolledOut: false, annotations: { ...annotations, [RESTARTED_ANNOTATION]: digest } } } };
    }),
};
