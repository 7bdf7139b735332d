import type { Action } from '../../actions/action.ts';
import type { Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import { goal } from '../step-types.ts';

const ROLLOUT_SECONDS = 300;

export function rolledOut(workload: string): Action {
  return { kind: 'rolled-out', workload, deadlineSeconds: ROLLOUT_SECONDS };
}

/** What the restart is for. */
export function restartDigest(reasons: readonly string[]): string {
  return sha256(reasons.join('\n'));
}

/** A workload whose pods are started anew, and have been started for the sake of what the digest stands for. */
export function restartOfWorkload(workload: string, digest: string): readonly Planned<Action>[] {
  return [goal({ kind: 'workload-restarted', workload, digest }), goal(rolledOut(workload))];
}
