import type { Action } from '../actions/action.ts';
import type { LaneId, Need, Plan, Planned, Step } from '../plan/plan.ts';

/** What a step does to those who use the cluster. */
export interface Effect {
  /** `service`: instances of the control plane or the runtime stop for a moment on that node. */
  readonly disruption: 'none' | 'service' | 'node';
  readonly etcdMembers: -1 | 0 | 1;
}

export const NO_EFFECT: Effect = { disruption: 'none', etcdMembers: 0 };

/** A condition judged on fresh facts. */
export type Gate =
  /** All members vote and are healthy, so that one more can be added. */
  | { readonly gate: 'etcd-joinable'; readonly deadlineMs: number }
  /** The node carries its own identity in every place (design, section 10). */
  | { readonly gate: 'identity'; readonly node: string; readonly deadlineMs: number };

export type DeployStep = Step<Action, Effect, Gate>;
export type DeployPlan = Plan<Action, Effect, Gate>;

/** The pool of control planes: any healthy one serves. */
export const CONTROL_PLANES = 'control-planes';

/** A step as its planner drafts it, before it is known which of its goals are met. */
export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly on: { readonly lane: LaneId } | { readonly anyOf: typeof CONTROL_PLANES };
  readonly needs?: readonly Need[];
  readonly gates?: readonly Gate[];
  readonly effect?: Effect;
  /** Goals and means, in order. A later action may count on those before it. */
  readonly actions: readonly Planned<Action>[];
}

export const goal = (action: Action): Planned<Action> => ({ role: 'goal', action });
export const means = (action: Action): Planned<Action> => ({ role: 'means', action });
export const after = (...steps: readonly string[]): readonly Need[] => steps.map((step) => ({ step, when: 'succeeded' }));
export const finished = (...steps: readonly string[]): readonly Need[] => steps.map((step) => ({ step, when: 'finished' }));
