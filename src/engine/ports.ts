import type { LaneId, Slot, SlotId, Step } from '../plan/plan.ts';

/** Values of slots, as far as steps have provided them. Throws a plain error when asked for one that none has. */
export interface Outputs {
  bytes(slot: Slot): Uint8Array;
}

export interface Fence {
  readonly runId: string;
  readonly token: number;
}

/** Renews itself until disposed; `lost` tells that another run has taken it. */
export interface Lock extends AsyncDisposable {
  readonly fence: Fence;
  readonly lost: AbortSignal;
}

export type Verdict = { readonly open: true } | { readonly open: false; readonly why: string; readonly details: readonly string[]; /** May it come true by waiting? */ readonly mayOpen: boolean };

export type ActionEvent =
  | { readonly type: 'action.started'; readonly index: number }
  | { readonly type: 'action.output'; readonly index: number; readonly line: string }
  | { readonly type: 'action.finished'; readonly index: number }
  | { readonly type: 'slot.provided'; readonly slot: SlotId; readonly bytes: Uint8Array }
  | { readonly type: 'transfer.progressed'; readonly sentBytes: number; readonly totalBytes: number };

/** Runs in a step's stead on the world: a real fleet, or a simulated one. */
export interface Ports<A, E, G> {
  /** A lane of the pool that can serve now. */
  readonly pick: (pool: string, signal: AbortSignal) => Promise<LaneId>;
  /** Ends when all actions have; throws an `AppError` when one failed. */
  readonly run: (lane: LaneId, step: Step<A, E, G>, context: { readonly outputs: Outputs; readonly fence: Fence; readonly signal: AbortSignal }) => AsyncIterable<ActionEvent>;
  /** One look at fresh facts; the engine asks again until the gate's deadline. */
  readonly judge: (gate: G, signal: AbortSignal) => Promise<Verdict>;
  readonly lock: (lanes: readonly LaneId[], signal: AbortSignal) => Promise<Lock>;
}
