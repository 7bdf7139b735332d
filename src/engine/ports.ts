import type { LaneId, Slot, SlotId, Step } from '../plan/plan.ts';

/** Values of slots, as far as steps have provided them. Throws a plain error when asked for one that none has. */
export interface Outputs {
  bytes(slot: Slot): Uint8Array;
}

export interface Fence {
  readonly runId: string;
  readonly token: number;
}

/** Renews itself until disposed; `lost` tells that another run has taken it. Disposing does not throw: what cannot be released expires. */
export interface Lock extends AsyncDisposable {
  readonly fence: Fence;
  readonly lost: AbortSignal;
}

export type Verdict =
  | { readonly open: true }
  | { readonly open: false; readonly why: string; readonly details: readonly string[]; /** May it come true by waiting? */ readonly mayOpen: boolean };

export type ActionEvent =
  | { readonly type: 'action.started'; readonly index: number }
  | { readonly type: 'action.output'; readonly index: number; readonly line: string }
  | { readonly type: 'action.finished'; readonly index: number }
  | { readonly type: 'slot.provided'; readonly slot: SlotId; readonly bytes: Uint8Array }
  | { readonly type: 'transfer.progressed'; readonly sentBytes: number; readonly totalBytes: number };

/** Runs in a step's stead on the world: a real fleet, or a simulated one. */
export interface Ports<A, E, G> {
  /** A lane of the pool that can serve now, one that is not `busy` if there is any. Asked again when the answer is busy, once that lane is free. */
  readonly pick: (pool: string, signal: AbortSignal, busy: ReadonlySet<LaneId>) => Promise<LaneId>;
  /** Ends when all actions have; throws an `AppError` when one failed. When the signal aborts it stops following: what runs on the host is left to finish. */
  readonly run: (lane: LaneId, step: Step<A, E, G>, context: { readonly outputs: Outputs; readonly fence: Fence; readonly signal: AbortSignal }) => AsyncIterable<ActionEvent>;
  /** One look at fresh facts, within a time of its own; the engine asks again until the gate's deadline. */
  readonly judge: (gate: G, signal: AbortSignal) => Promise<Verdict>;
  /** Of the lanes that the plan names; those of pools are the port's to add. Throws `locked` when another run holds one. */
  readonly lock: (lanes: readonly LaneId[], signal: AbortSignal) => Promise<Lock>;
}
