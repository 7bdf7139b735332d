import type { LaneId } from '../plan/plan.ts';
import type { Clock } from './clock.ts';

export type RunOutcome = 'succeeded' | 'failed' | 'refused' | 'cancelled';

interface OfStep {
  readonly step: string;
  readonly title: string;
  /** Absent when the step never got as far as having a lane. */
  readonly node?: LaneId;
}

/** What happened, without number and time. */
export type EventBody =
  | { readonly type: 'run.started'; readonly runId?: string; readonly command?: string; readonly steps: number }
  | (OfStep & { readonly type: 'step.waiting'; readonly why: string })
  | (OfStep & { readonly type: 'gate.judged'; readonly gate: number; readonly open: boolean; readonly why?: string; readonly details?: readonly string[] })
  | (OfStep & { readonly type: 'step.started' })
  | (OfStep & { readonly type: 'action.started' | 'action.finished'; readonly action: number })
  | (OfStep & { readonly type: 'action.output'; readonly action: number; readonly line: string })
  | (OfStep & { readonly type: 'transfer.progressed'; readonly sentBytes: number; readonly totalBytes: number })
  | (OfStep & { readonly type: 'step.finished'; readonly durationMs: number })
  | (OfStep & { readonly type: 'step.failed'; readonly code: string; readonly message: string; readonly hint: string; readonly details: readonly string[] })
  | (OfStep & { readonly type: 'step.skipped'; readonly because: string; readonly failed?: string })
  | { readonly type: 'run.finished'; readonly result: RunOutcome; readonly stepsRun: number; readonly durationMs: number };

/** One record of a run: `seq` counts from 1 without a gap, `time` is ISO 8601 in UTC. */
export type RunEvent = EventBody & { readonly seq: number; readonly time: string };

/** Numbers and dates events on their way out. `redact` sees every text of every event: there is no other way out. */
export function stampEvents(emit: (event: RunEvent) => void, clock: Clock, redact: (text: string) => string): (body: EventBody) => void {
  let seq = 0;
  return (body) => {
    seq += 1;
    emit({ seq, time: new Date(clock.now()).toISOString(), ...redactTexts(body, redact) });
  };
}

function redactTexts<T>(value: T, redact: (text: string) => string): T;
function redactTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redactTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'type' ? inner : redactTexts(inner as unknown, redact)]));
}
