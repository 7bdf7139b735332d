import type { Plan, Slot, SlotId } from '../plan/plan.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { RunEvent } from './events.ts';
import { stampEvents } from './events.ts';
import { SlotStore } from './outputs.ts';
import type { Ports } from './ports.ts';
import { Redactor } from './redact.ts';
import { Run } from './run.ts';
import type { RunResult } from './run-result.ts';
import { nextMoves } from './scheduler.ts';
import { secretSlots } from './secret-slots.ts';
import type { StopSignals } from './stop.ts';

export interface RunOptions<A, G> {
  /** First request to stop: nothing new starts but what cleans up; what runs is awaited. */
  readonly signal: AbortSignal;
  /** Second one: what runs is left to finish on its host. */
  readonly hardSignal?: AbortSignal;
  /** Called synchronously, in order, with everything that happens. What it throws ends the run. */
  readonly emit: (event: RunEvent) => void;
  /** Steps that may run at the same time. */
  readonly limits: { readonly lanes: number };
  readonly gateEveryMs: number;
  readonly deadlineMs: (gate: G) => number;
  /** Slots that an action refers to: one that is nowhere said to be public is redacted. */
  readonly slotsOf: (action: A) => readonly Slot[];
  /** Values that no step provides: the operator's own. They are taken over and zeroed at the end. */
  readonly given?: ReadonlyMap<SlotId, Uint8Array>;
  readonly clock?: Clock;
}

/**
 * Runs a well-formed plan (`checkPlan`) to its end, whatever becomes of single steps. Throws only if the lock cannot be taken (`locked`)
 * or `emit` throws; failures of steps are in the result. An empty plan takes no lock.
 */
export function runPlan<A, E, G>(plan: Plan<A, E, G>, ports: Ports<A, E, G>, options: RunOptions<A, G>): Promise<RunResult> {
  return runPlanWith(nextMoves, plan, ports, options);
}

/** `runPlan` with its scheduler given: tests prove that a wrong one is noticed. */
export async function runPlanWith<A, E, G>(moves: typeof nextMoves, plan: Plan<A, E, G>, ports: Ports<A, E, G>, options: RunOptions<A, G>): Promise<RunResult> {
  const clock = options.clock ?? systemClock;
  const redactor = new Redactor();
  const emit = stampEvents(options.emit, clock, (text) => redactor.redact(text));
  if (plan.steps.length === 0) return reportEmpty(emit);
  const lanes = [...new Set(plan.steps.flatMap((step) => ('lane' in step.on ? [step.on.lane] : [])))];
  const lock = await ports.lock(lanes, options.signal);
  const outputs = new SlotStore();
  const isSecret = secretSlots(plan, options.slotsOf);
  for (const [slot, bytes] of options.given ?? []) {
    if (isSecret(slot)) redactor.add(bytes);
    outputs.provide(slot, bytes);
  }
  try {
    const stop: StopSignals = { signal: options.signal, hardSignal: options.hardSignal ?? new AbortController().signal, lost: lock.lost };
    const shared = { ports, fence: lock.fence, stop, outputs, redactor, emit, clock, gateEveryMs: options.gateEveryMs, deadlineMs: options.deadlineMs };
    const run = new Run(plan.steps, { ...shared, isSecret, lanes: options.limits.lanes, moves });
    return await run.toEnd();
  } finally {
    if (options.hardSignal?.aborted) outputs.forget();
    else outputs.wipe();
    await lock[Symbol.asyncDispose]();
  }
}

function reportEmpty(emit: ReturnType<typeof stampEvents>): RunResult {
  emit({ type: 'run.started', steps: 0 });
  emit({ type: 'run.finished', result: 'succeeded', stepsRun: 0, durationMs: 0 });
  return { result: 'succeeded', stepsRun: 0, failed: [], skipped: [], durationMs: 0 };
}
