import type { EventFields } from '../contract/event.ts';

type StepEvent = Extract<EventFields, { readonly step: string }>;

/** A step that is being worked on. */
export interface LiveStep {
  readonly node: string;
  readonly title: string;
  readonly sinceMs: number;
  /** What it waits for, the last line it said, or how far a transfer is. */
  readonly note: string;
}

/** All that live lines are made from. */
export interface ProgressState {
  readonly sinceMs: number;
  readonly steps: number;
  /** Finished, failed or skipped. */
  readonly ended: number;
  readonly live: ReadonlyMap<string, LiveStep>;
}

export const initialProgress: ProgressState = { sinceMs: 0, steps: 0, ended: 0, live: new Map() };

/** What an event changes. */
export function reduceProgress(state: ProgressState, event: EventFields): ProgressState {
  switch (event.type) {
    case 'run.started':
      return { ...initialProgress, sinceMs: Date.parse(event.time), steps: event.steps };
    case 'run.finished':
      return { ...state, live: new Map() };
    case 'step.finished':
    case 'step.failed':
    case 'step.skipped':
      return { ...state, ended: state.ended + 1, live: without(state.live, event.step) };
    case 'gate.judged':
      return event.open ? noted(state, event, '') : state;
    case 'step.waiting':
      return noted(state, event, `waits: ${event.why}`);
    case 'step.started':
      return begun(state, event);
    case 'action.output':
      return noted(state, event, event.line);
    case 'transfer.progressed':
      return noted(state, event, transferWords(event));
    case 'action.started':
    case 'action.finished':
      return state;
  }
}

/** The time counts from when its actions begin, not from when it began to wait. */
function begun(state: ProgressState, event: StepEvent): ProgressState {
  return noted({ ...state, live: without(state.live, event.step) }, event, '');
}

function noted(state: ProgressState, event: StepEvent, note: string): ProgressState {
  const now = state.live.get(event.step) ?? { node: event.node ?? '', title: event.title, sinceMs: Date.parse(event.time) };
  return { ...state, live: new Map(state.live).set(event.step, { ...now, note }) };
}

function without(live: ProgressState['live'], step: string): ProgressState['live'] {
  const rest = new Map(live);
  rest.delete(step);
  return rest;
}

function transferWords({ sentBytes, totalBytes }: Extract<EventFields, { readonly type: 'transfer.progressed' }>): string {
  const percent = totalBytes > 0 ? Math.floor((100 * sentBytes) / totalBytes) : 100;
  return `sending ${percent}% of ${megabytes(totalBytes)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
