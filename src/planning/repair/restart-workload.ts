import type { Action } from '../../actions/action.ts';
import type { Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import { goal } from '../step-types.ts';

const ROLLOUT_SECONDS = 300;

export function rolledOut(workload: string): Action {
  return { kind: 'rolled-out', workload, deadlineSeconds: ROLLOUT_SECONDS };
}

/** A workload whose pods are started anew, and have been started since `reasons` are what they are. */
export function restartOfWorkload(workload: string, reasons: readonly string[]): readonly Planned<Action>[] {
  return [goal({ kind: 'workload-restarted', workload, digest: sha256(reasons.join('\n')) }), goal(rolledOut(workload))];
}
