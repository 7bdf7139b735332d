import { AppError } from '../errors/app-error.ts';
import type { LaneId, Slot, Step } from '../plan/plan.ts';
import { abortable } from './abortable.ts';
import type { Clock } from './clock.ts';
import type { EventBody } from './events.ts';
import { awaitGates } from './gates.ts';
import type { SlotStore } from './outputs.ts';
import type { ActionEvent, Fence, Ports } from './ports.ts';
import type { Redactor } from './redact.ts';
import { isCleaner } from './scheduler.ts';
import type { StopSignals } from './stop.ts';
import { mayNotStart } from './stop.ts';

/** `left`: its script goes on by itself on the host. `stopped`: it never began. */
export type StepEnd = { readonly end: 'succeeded' | 'stopped' } | { readonly end: 'left' | 'failed'; readonly error: AppError };

/** What all steps of a run share. */
export interface StepContext<A, E, G> {
  readonly ports: Ports<A, E, G>;
  readonly fence: Fence;
  readonly stop: StopSignals;
  readonly outputs: SlotStore;
  readonly redactor: Redactor;
  readonly isSecret: (slot: Slot['slot']) => boolean;
  readonly emit: (body: EventBody) => void;
  readonly clock: Clock;
  readonly gateEveryMs: number;
  readonly deadlineMs: (gate: G) => number;
  readonly onStarted: () => void;
}

/** Judges the step's gates, then runs its actions on the lane and takes what they provide. Tells all of it as events, but for the end. */
export async function runStep<A, E, G>(step: Step<A, E, G>, lane: LaneId, context: StepContext<A, E, G>): Promise<StepEnd> {
  const { stop } = context;
  try {
    // The gates of a proof are its work; those of any other step come before it.
    const isProof = step.actions.length === 0;
    if (isProof) tellStarted(step, lane, context);
    if ((await openGates(step, lane, context)) === 'stopped') return { end: 'stopped' };
    if (isProof) return { end: 'succeeded' };
    tellStarted(step, lane, context);
    await followActions(step, lane, context);
    const missing = step.provides.find((slot) => !context.outputs.has(slot));
    if (missing !== undefined) throw new AppError('internal', `step ${step.id} ended without giving ${missing}`);
    return { end: 'succeeded' };
  } catch (error) {
    const failure = asAppError(error);
    return { end: stop.hardSignal.aborted && failure.code === 'interrupted' ? 'left' : 'failed', error: failure };
  }
}

function tellStarted<A, E, G>(step: Step<A, E, G>, lane: LaneId, { onStarted, emit }: StepContext<A, E, G>): void {
  onStarted();
  emit({ type: 'step.started', step: step.id, title: step.title, node: lane });
}

function openGates<A, E, G>(step: Step<A, E, G>, lane: LaneId, context: StepContext<A, E, G>): Promise<'open' | 'stopped'> {
  const of = { step: step.id, title: step.title, node: lane };
  return awaitGates(step.gates, {
    judge: context.ports.judge,
    deadlineMs: context.deadlineMs,
    everyMs: context.gateEveryMs,
    clock: context.clock,
    signal: mayNotStart(context.stop, isCleaner(step)),
    onWaiting: (why) => context.emit({ type: 'step.waiting', ...of, why }),
    onJudged: (gate, verdict) => context.emit({ type: 'gate.judged', ...of, gate, open: verdict.open, ...(!verdict.open && { why: verdict.why, details: verdict.details }) }),
  });
}

async function followActions<A, E, G>(step: Step<A, E, G>, lane: LaneId, context: StepContext<A, E, G>): Promise<void> {
  const { ports, outputs, fence, stop } = context;
  const events = ports.run(lane, step, { outputs, fence, signal: stop.hardSignal })[Symbol.asyncIterator]();
  const left = (): AppError => new AppError('interrupted', `${step.id} is left to finish on ${lane} by itself`, { retry: 'safe' });
  try {
    for (;;) {
      const next = await abortable(events.next(), stop.hardSignal, left);
      if (next.done) return;
      acceptEvent(step, lane, next.value, context);
    }
  } catch (error) {
    // Not awaited: a port that hangs would keep the run from ending. What it says after its end concerns nobody.
    void Promise.resolve(events.return?.()).catch(() => undefined);
    throw stop.hardSignal.aborted ? left() : error;
  }
}

function acceptEvent<A, E, G>(step: Step<A, E, G>, lane: LaneId, event: ActionEvent, context: StepContext<A, E, G>): void {
  const of = { step: step.id, title: step.title, node: lane };
  switch (event.type) {
    case 'slot.provided':
      if (!step.provides.includes(event.slot)) throw new AppError('internal', `step ${step.id} gave ${event.slot}, which it does not provide`);
      if (context.isSecret(event.slot)) context.redactor.add(event.bytes);
      return context.outputs.provide(event.slot, event.bytes);
    case 'transfer.progressed':
      return context.emit({ ...of, ...event });
    case 'action.output':
      return context.emit({ ...of, type: event.type, action: event.index, line: event.line });
    case 'action.started':
    case 'action.finished':
      return context.emit({ ...of, type: event.type, action: event.index });
  }
}

/** What is no `AppError` is a defect of a port, and is reported as one. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
