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
  /** The other members keep their quorum when the member of this node goes. */
  | { readonly gate: 'etcd-removable'; readonly node: string; readonly peerURL: string; readonly deadlineMs: number }
  /** The node carries its own identity in every place (design, section 10). */
  | { readonly gate: 'identity'; readonly node: string; readonly deadlineMs: number }
  /** The API server of this node may stop for a moment: those of the others that are in reach are ready, and there is one. */
  | { readonly gate: 'api-served-without'; readonly node: string; readonly others: readonly OwnServer[]; readonly deadlineMs: number };

/** A control plane and the URL of the API server on it, by its own address. */
export interface OwnServer {
  readonly node: string;
  readonly server: string;
}

export type DeployStep = Step<Action, Effect, Gate>;
export type DeployPlan = Plan<Action, Effect, Gate>;

/** The pool of control planes: any healthy one serves. */
export const CONTROL_PLANES = 'control-planes';

/** Any healthy control plane but this one: for what is done to it. */
export type Pool = typeof CONTROL_PLANES | `${typeof CONTROL_PLANES} but ${string}`;

export function controlPlanesBut(node: string): Pool {
  return `${CONTROL_PLANES} but ${node}`;
}

/** The control plane that a pool leaves out. */
export function leftOutOf(pool: string): string | undefined {
  return pool.startsWith(`${CONTROL_PLANES} but `) ? pool.slice(`${CONTROL_PLANES} but `.length) : undefined;
}

/** A step as its planner drafts it, before it is known which of its goals are met. */
export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly on: { readonly lane: LaneId } | { readonly anyOf: Pool };
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
