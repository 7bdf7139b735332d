import { AppError } from '../errors/app-error.ts';
import type { LaneId, Step } from '../plan/plan.ts';
import { abortable } from './abortable.ts';
import type { EventBody } from './events.ts';
import type { RunResult } from './run-result.ts';
import type { StepContext, StepEnd } from './run-step.ts';
import { asAppError, runStep } from './run-step.ts';
import type { nextMoves } from './scheduler.ts';
import { isCleaner } from './scheduler.ts';
import { Scoreboard } from './scoreboard.ts';
import { mayNotStart, stageOf, stopReason } from './stop.ts';

export interface RunContext<A, E, G> extends Omit<StepContext<A, E, G>, 'onStarted'> {
  readonly lanes: number;
  readonly moves: typeof nextMoves;
}

/** One run of a plan's steps: starts what can start whenever something has ended or a signal came. */
export class Run<A, E, G> {
  readonly #context: RunContext<A, E, G>;
  readonly #board: Scoreboard<Step<A, E, G>>;
  readonly #busy = new Set<LaneId>();
  readonly #awaited = new Map<string, LaneId>();
  #running = 0;
  /** What `emit` threw: nothing more starts, and the run ends with it. */
  #defect: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(steps: readonly Step<A, E, G>[], context: RunContext<A, E, G>) {
    this.#context = { ...context, emit: (body) => this.#emitGuarded(context.emit, body) };
    const { emit, redactor, stop } = this.#context;
    this.#board = new Scoreboard(steps, { emit, stop, redact: (text) => redactor.redact(text) });
  }

  async toEnd(): Promise<RunResult> {
    const { clock, emit, fence, stop } = this.#context;
    const sinceMs = clock.now();
    emit({ type: 'run.started', runId: fence.runId, steps: this.#board.steps.size });
    const wake = (): void => this.#wake();
    const signals = [stop.signal, stop.hardSignal, stop.lost];
    for (const signal of signals) signal.addEventListener('abort', wake);
    await this.#work();
    for (const signal of signals) signal.removeEventListener('abort', wake);
    if (this.#defect !== undefined) throw this.#defect.error;
    return this.#board.report(clock.now() - sinceMs);
  }

  async #work(): Promise<void> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#advance();
      if (this.#running === 0) return;
      await woken;
    }
  }

  #advance(): void {
    const { lanes, moves, stop } = this.#context;
    const { steps, pending, due, states, causes } = this.#board;
    while (this.#defect === undefined) {
      const room = lanes - this.#running;
      const stage = stageOf(stop);
      const open = stage === 'running' ? due : pending;
      const { skip, start } = moves({ steps, open, states, causes, busy: this.#busy, awaited: this.#awaited, room, stage });
      this.#guard(() => skip.forEach(({ step, cause }) => this.#board.skip(step, cause)));
      for (const step of start) this.#launch(step);
      if (skip.length === 0) return;
    }
  }

  #launch(step: Step<A, E, G>): void {
    this.#board.move(step, 'running');
    this.#awaited.delete(step.id);
    this.#running += 1;
    const lane = 'lane' in step.on ? step.on.lane : undefined;
    if (lane !== undefined) this.#busy.add(lane);
    void this.#runOn(step, lane)
      .catch((error: unknown) => this.#note(error))
      .finally(() => {
        this.#running -= 1;
        this.#wake();
      });
  }

  async #runOn(step: Step<A, E, G>, given: LaneId | undefined): Promise<void> {
    const lane = given ?? (await this.#pickLane(step));
    if (lane === undefined) return;
    const { clock } = this.#context;
    let beganMs = clock.now();
    const onStarted = (): void => {
      beganMs = clock.now();
      this.#board.began();
    };
    const end = await runStep(step, lane, { ...this.#context, onStarted });
    this.#busy.delete(lane);
    this.#settle(step, lane, { ...end, durationMs: clock.now() - beganMs });
  }

  #settle(step: Step<A, E, G>, lane: LaneId, ended: StepEnd & { readonly durationMs: number }): void {
    switch (ended.end) {
      case 'succeeded':
        return this.#board.succeed(step, lane, ended.durationMs);
      case 'stopped':
        return this.#board.skip(step, { stopped: true });
      case 'left':
        return this.#board.leave(step, lane, ended.error);
      case 'failed':
        return this.#board.fail(step, lane, ended.error);
    }
  }

  /** The lane, then busy; nothing when the step has failed, was stopped, or must wait for the lane that was chosen. */
  async #pickLane(step: Step<A, E, G>): Promise<LaneId | undefined> {
    if (!('anyOf' in step.on)) return undefined;
    const { ports, stop } = this.#context;
    const signal = mayNotStart(stop, isCleaner(step));
    try {
      const lane = await abortable(ports.pick(step.on.anyOf, signal, this.#busy), signal, () => new AppError('interrupted', stopReason(stop)));
      if (!this.#busy.has(lane)) {
        this.#busy.add(lane);
        return lane;
      }
      this.#awaited.set(step.id, lane);
      this.#board.move(step, 'pending');
    } catch (error) {
      if (signal.aborted) this.#board.skip(step, { stopped: true });
      else this.#board.fail(step, undefined, asAppError(error));
    }
    return undefined;
  }

  #emitGuarded(emit: (body: EventBody) => void, body: EventBody): void {
    try {
      emit(body);
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): void {
    this.#defect ??= { error };
  }
}
