import { AppError } from '../errors/app-error.ts';
import type { LaneId } from '../plan/plan.ts';
import type { EventBody, RunOutcome } from './events.ts';
import type { FailedStep, RunResult, SkippedStep } from './run-result.ts';
import type { AnyStep, Cause, StepState } from './scheduler.ts';
import type { StopSignals } from './stop.ts';
import { stopReason } from './stop.ts';

export interface ScoreboardContext {
  readonly emit: (body: EventBody) => void;
  readonly redact: (text: string) => string;
  readonly stop: StopSignals;
}

/** Where each step of a run stands, and what became of it; tells every end as an event. */
export class Scoreboard<S extends AnyStep> {
  readonly steps: ReadonlyMap<string, S>;
  readonly states: Map<string, StepState>;
  readonly pending: Set<string>;
  /** Of the pending steps those of which something can be said: all they need has ended, or what must succeed has not. */
  readonly due: Set<string>;
  readonly causes = new Map<string, Cause>();
  readonly #context: ScoreboardContext;
  /** Per step the steps that need it. */
  readonly #dependants = new Map<string, S[]>();
  /** Per step how many of its needs have not ended. */
  readonly #open: Map<string, number>;
  readonly #failed: FailedStep[] = [];
  readonly #skipped: SkippedStep[] = [];
  #began = 0;
  /** A stop kept something from starting, or left something unfinished. */
  #cutShort = false;

  constructor(steps: readonly S[], context: ScoreboardContext) {
    this.steps = new Map(steps.map((step) => [step.id, step]));
    this.states = new Map(steps.map((step) => [step.id, 'pending']));
    this.pending = new Set(this.steps.keys());
    this.#open = new Map(steps.map((step) => [step.id, step.needs.length]));
    this.due = new Set(steps.filter((step) => step.needs.length === 0).map((step) => step.id));
    for (const step of steps) {
      for (const need of step.needs) {
        const dependants = this.#dependants.get(need.step);
        if (dependants === undefined) this.#dependants.set(need.step, [step]);
        else dependants.push(step);
      }
    }
    this.#context = context;
  }

  /** The step is being worked on, or waits again. It counts as begun only with `began`. */
  move(step: S, state: 'pending' | 'running'): void {
    this.states.set(step.id, state);
    for (const ids of [this.pending, this.due]) {
      if (state === 'pending') ids.add(step.id);
      else ids.delete(step.id);
    }
  }

  began(): void {
    this.#began += 1;
  }

  succeed(step: S, lane: LaneId, durationMs: number): void {
    this.#settle(step, 'succeeded');
    this.#context.emit({ type: 'step.finished', step: step.id, title: step.title, node: lane, durationMs });
  }

  fail(step: S, lane: LaneId | undefined, cause: AppError): void {
    const error = redactError(cause, this.#context.redact);
    const at = lane === undefined ? {} : { lane };
    this.#settle(step, 'failed');
    this.#failed.push({ step: step.id, ...at, error });
    const { code, message, hint, details } = error;
    this.#context.emit({ type: 'step.failed', step: step.id, title: step.title, ...(lane !== undefined && { node: lane }), code, message, hint, details });
  }

  /** Its script goes on by itself on the host. */
  leave(step: S, lane: LaneId, error: AppError): void {
    this.#cutShort = true;
    this.fail(step, lane, error);
  }

  skip(step: S, cause: Cause): void {
    const isStopped = 'stopped' in cause;
    this.#cutShort ||= isStopped;
    this.#settle(step, 'skipped');
    this.causes.set(step.id, cause);
    const why = isStopped ? { because: stopReason(this.#context.stop) } : { because: `${cause.failed} failed`, failed: cause.failed };
    this.#skipped.push({ step: step.id, ...why });
    this.#context.emit({ type: 'step.skipped', step: step.id, title: step.title, ...('lane' in step.on && { node: step.on.lane }), ...why });
  }

  report(durationMs: number): RunResult {
    const isLost = this.#context.stop.lost.aborted && this.#cutShort;
    const result = isLost ? 'failed' : this.#outcome();
    this.#context.emit({ type: 'run.finished', result, stepsRun: this.#began, durationMs });
    const error = isLost ? { error: new AppError('locked', 'another run has taken the lock; this one has stopped') } : {};
    return { result, stepsRun: this.#began, failed: this.#failed, skipped: this.#skipped, durationMs, ...error };
  }

  #outcome(): RunOutcome {
    if (this.#cutShort) return 'cancelled';
    if (this.#failed.length === 0) return 'succeeded';
    return this.#failed.every(({ error }) => error.code === 'refused') ? 'refused' : 'failed';
  }

  #settle(step: S, state: 'succeeded' | 'failed' | 'skipped'): void {
    this.states.set(step.id, state);
    this.pending.delete(step.id);
    this.due.delete(step.id);
    for (const dependant of this.#dependants.get(step.id) ?? []) this.#countDown(dependant, step.id, state);
    this.#dependants.delete(step.id);
  }

  #countDown(dependant: S, ended: string, state: StepState): void {
    const open = (this.#open.get(dependant.id) ?? 0) - 1;
    this.#open.set(dependant.id, open);
    const isBroken = state !== 'succeeded' && dependant.needs.some((need) => need.step === ended && need.when === 'succeeded');
    if ((open === 0 || isBroken) && this.pending.has(dependant.id)) this.due.add(dependant.id);
  }
}

/** The cause is dropped with what had to be redacted: it may hold the same words. */
function redactError(error: AppError, redact: (text: string) => string): AppError {
  const message = redact(error.message);
  const details = error.details.map(redact);
  if (message === error.message && details.every((line, index) => line === error.details[index])) return error;
  return new AppError(error.code, message, { hint: redact(error.hint), retry: error.retry, details });
}
