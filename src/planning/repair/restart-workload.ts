import type { Action } from '../../actions/action.ts';
import type { Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import { goal } from '../step-types.ts';
import type { RepairScene } from './repair-scene.ts';

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

/**
 * Why the pods of a workload cannot all be started anew now: those of a DaemonSet go one after another, and one on a node that is not Ready never ends, so that the others wait for it. Nothing is changed that only
 * half of the nodes would read.
 */
export function rolloutObstacle({ view }: Pick<RepairScene, 'view'>, workload: string): string | undefined {
  const away = Object.values(view.cluster?.nodes ?? {}).filter(({ isReady }) => !isReady);
  if (away.length === 0 || !workload.includes('/DaemonSet/')) return undefined;
  const names = away.map(({ name }) => name).join(', ');
  return `${names} ${away.length === 1 ? 'is' : 'are'} not Ready, and ${workload} cannot be rolled out there: bring ${away.length === 1 ? 'it' : 'them'} back or remove the ${away.length === 1 ? 'node' : 'nodes'}, then run the command again`;
}
