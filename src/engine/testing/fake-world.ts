import { AppError } from '../../errors/app-error.ts';
import type { LaneId, SlotId, Step } from '../../plan/plan.ts';
import { laneId } from '../../plan/plan.ts';
import type { ActionEvent, Lock, Outputs, Ports, Verdict } from '../ports.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** An action of the fake world: what it does, and what it says meanwhile. */
export interface FakeAction {
  readonly takesMs: number;
  readonly fails?: boolean;
  readonly says?: (outputs: Outputs) => readonly string[];
  readonly provides?: Readonly<Record<string, string>>;
}

/** Opens at a time, or never; `refuses` at once. */
export interface FakeGate {
  readonly opensAtMs: number;
  readonly deadlineMs: number;
  readonly refuses?: boolean;
}

export type FakeStep = Step<FakeAction, undefined, FakeGate>;

/** What the world saw, in order: not what the engine says. */
export interface Seen {
  readonly what: 'began' | 'ended' | 'failed';
  readonly step: string;
  readonly lane: LaneId;
  readonly atMs: number;
}

/** Implements the engine's ports on a virtual clock, and keeps what was done to it. */
export class FakeWorld {
  readonly seen: Seen[] = [];
  readonly locked: (readonly LaneId[])[] = [];
  readonly provided: Uint8Array[] = [];
  released = 0;
  readonly lost = new AbortController();
  readonly clock: VirtualClock;
  readonly pools: Readonly<Record<string, readonly string[]>>;

  constructor(clock: VirtualClock, pools: Readonly<Record<string, readonly string[]>> = {}) {
    this.clock = clock;
    this.pools = pools;
  }

  ports(): Ports<FakeAction, undefined, FakeGate> {
    return {
      pick: (pool, signal, busy) => this.#pick(pool, signal, busy),
      run: (lane, step, { outputs, signal }) => this.#run({ lane, step, outputs, signal }),
      judge: (gate) => Promise.resolve(this.#judge(gate)),
      lock: (lanes) => Promise.resolve(this.#lock(lanes)),
    };
  }

  async #pick(pool: string, signal: AbortSignal, busy: ReadonlySet<LaneId>): Promise<LaneId> {
    await this.clock.sleep(1, signal);
    const lanes = (this.pools[pool] ?? []).map(laneId);
    const lane = lanes.find((each) => !busy.has(each)) ?? lanes[0];
    if (lane === undefined) throw new AppError('cluster-unreachable', `no lane of ${pool} can serve`);
    return lane;
  }

  async *#run(job: { readonly lane: LaneId; readonly step: FakeStep; readonly outputs: Outputs; readonly signal: AbortSignal }): AsyncIterable<ActionEvent> {
    const { lane, step } = job;
    this.#note('began', step.id, lane);
    for (const [index, { action }] of step.actions.entries()) {
      yield { type: 'action.started', index };
      await this.clock.sleep(action.takesMs, new AbortController().signal);
      for (const line of action.says?.(job.outputs) ?? []) yield { type: 'action.output', index, line };
      if (action.fails) {
        this.#note('failed', step.id, lane);
        throw new AppError('step-failed', `action ${index} of ${step.id} failed`, { details: action.says?.(job.outputs) ?? [] });
      }
      yield* this.#provide(action);
      yield { type: 'action.finished', index };
    }
    this.#note('ended', step.id, lane);
  }

  *#provide(action: FakeAction): Iterable<ActionEvent> {
    for (const [slot, text] of Object.entries(action.provides ?? {})) {
      const bytes = new TextEncoder().encode(text);
      this.provided.push(bytes);
      yield { type: 'slot.provided', slot: slot as SlotId, bytes };
    }
  }

  #judge(gate: FakeGate): Verdict {
    if (gate.refuses) return { open: false, why: 'quorum would be lost', details: ['2 of 3 members left'], mayOpen: false };
    if (this.clock.now() >= gate.opensAtMs) return { open: true };
    return { open: false, why: 'not yet open', details: [], mayOpen: true };
  }

  #lock(lanes: readonly LaneId[]): Lock {
    this.locked.push(lanes);
    const release = (): Promise<void> => {
      this.released += 1;
      return Promise.resolve();
    };
    return { fence: { runId: 'run-1', token: 1 }, lost: this.lost.signal, [Symbol.asyncDispose]: release };
  }

  #note(what: Seen['what'], step: string, lane: LaneId): void {
    this.seen.push({ what, step, lane, atMs: this.clock.now() });
  }
}

/** A step on a lane with one action, for tests that care for little else. */
export function fakeStep(id: string, fields: Partial<FakeStep> & { readonly lane?: string } = {}): FakeStep {
  const { lane = 'n-1', ...rest } = fields;
  const action: FakeAction = { takesMs: 1000 };
  return {
    id,
    title: `Do ${id}`,
    why: 'it is not done',
    on: { lane: laneId(lane) },
    needs: [],
    provides: [],
    gates: [],
    effect: undefined,
    actions: [{ role: 'goal', action }],
    ...rest,
  };
}
