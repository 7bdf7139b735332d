declare const slotBrand: unique symbol;
declare const laneBrand: unique symbol;

export type SlotId = string & { readonly [slotBrand]: true };
/** One host, as plans and the engine know it. */
export type LaneId = string & { readonly [laneBrand]: true };

/** A value that exists only during a run (a token, a CA): referred to in the plan, never written into it. */
export interface Slot<T extends 'text' | 'bytes' = 'text' | 'bytes'> {
  readonly slot: SlotId;
  readonly type: T;
  readonly secret: boolean;
  /** What people see in its place. */
  readonly shown: string;
}

/** A text of the plan, by its sha256: a key of `Plan.texts`. */
export interface TextRef {
  readonly text: string;
}

/** Bytes of a file: texts of the plan and slots joined, or one slot alone. */
export type Content = readonly (TextRef | Slot<'text'>)[] | Slot<'bytes'>;

/** A goal is a state that can be observed; a means serves it and runs only while a goal of its step is not met. */
export interface Planned<A> {
  readonly role: 'goal' | 'means';
  readonly action: A;
}

/** `succeeded`: not started otherwise. `finished`: for cleaning up, runs whatever became of the other. */
export interface Need {
  readonly step: string;
  readonly when: 'succeeded' | 'finished';
}

export interface Step<A, E, G> {
  /** Says what it is (`cp-2/join`) and is the same from run to run. */
  readonly id: string;
  readonly title: string;
  /** Why the step is there: the goals that are not met, in words. */
  readonly why: string;
  /** One host, or any healthy one of a pool, chosen when the step runs. */
  readonly on: { readonly lane: LaneId } | { readonly anyOf: string };
  readonly needs: readonly Need[];
  readonly provides: readonly SlotId[];
  /** Judged on fresh facts right before the step. A step without actions is a proof: its gates are all it does. */
  readonly gates: readonly G[];
  readonly effect: E;
  readonly actions: readonly Planned<A>[];
}

/** One fact that the planner read. */
export interface Relied {
  readonly fact: string;
  readonly lane?: LaneId;
  readonly digest: string;
  readonly shown: string;
}

/** What will happen: shown, executed, simulated and journalled as the same value. */
export interface Plan<A, E, G> {
  /** Digest of the desired state. */
  readonly desired: string;
  readonly basis: readonly Relied[];
  readonly steps: readonly Step<A, E, G>[];
  readonly texts: Readonly<Record<string, string>>;
}

export function slotId(value: string): SlotId {
  return value as SlotId;
}

export function laneId(value: string): LaneId {
  return value as LaneId;
}
