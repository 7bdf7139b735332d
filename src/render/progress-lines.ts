import type { EventFields } from '../contract/event.ts';
import { count } from '../util/count.ts';
import { formatDuration } from './duration.ts';
import type { Part } from './fit.ts';
import { fitLine, padTo } from './fit.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';
import type { LiveStep, ProgressState } from './progress-state.ts';

const MARK_COLUMNS = 8;
const SHOWN_DETAILS = 20;
/** The line that sums up, and one left free for the prompt. */
const RESERVED_ROWS = 2;

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Lines that are drawn anew all the time: one per working node, oldest first, and one that sums up. */
export function liveLines(state: ProgressState, nowMs: number, { screen, paint }: { readonly screen: Screen; readonly paint: Paint }): readonly string[] {
  if (state.live.size === 0) return [];
  const steps = [...state.live.values()].sort((a, b) => a.sinceMs - b.sinceMs);
  const shown = steps.slice(0, Math.max(1, screen.rows - RESERVED_ROWS));
  const width = Math.max(...shown.map(({ node }) => node.length));
  const sum = `${state.ended} of ${count(state.steps, 'step')}, ${formatDuration(nowMs - state.sinceMs)}${steps.length > shown.length ? `, ${steps.length - shown.length} more nodes at work` : ''}`;
  return [...shown.map((step) => fitLine(liveParts(step, nowMs, { width, paint }), screen.columns - 1)), fitLine([{ text: `  ${sum}`, paint: paint.dim }], screen.columns - 1)];
}

function liveParts({ node, title, sinceMs, note }: LiveStep, nowMs: number, { width, paint }: { readonly width: number; readonly paint: Paint }): readonly Part[] {
  return [
    { text: '  ' },
    { text: padTo(node, width), paint: paint.bold },
    { text: `  ${harmless(title)}  ${formatDuration(nowMs - sinceMs)}` },
    { text: note === '' ? '' : `  ${harmless(note)}`, paint: paint.dim },
  ];
}

/** Lines that stay: what ended, and how. On a terminal they scroll above the live ones; elsewhere they follow beginnings and waits. */
export function lastingLines(event: EventFields, paint: Paint): readonly string[] {
  if (event.type === 'step.finished') return [line(paint.green, 'done', event, formatDuration(event.durationMs))];
  if (event.type === 'step.failed') return [line(paint.red, 'failed', event, `[${event.code}]`), ...failureLines(event)];
  if (event.type === 'step.skipped') return [line(paint.yellow, 'skipped', event, event.because)];
  if (event.type !== 'run.finished') return [];
  const color = event.result === 'succeeded' ? paint.green : paint.red;
  return [`${color(event.result)}: ${count(event.stepsRun, 'step')} in ${formatDuration(event.durationMs)}`];
}

/** Every line that a log gets of an event: without a terminal there is nothing to draw anew. */
export function plainLines(event: EventFields, paint: Paint): readonly string[] {
  if (event.type === 'step.started') return [line(paint.cyan, 'begun', event)];
  if (event.type === 'step.waiting') return [line(paint.cyan, 'waits', event, event.why)];
  return lastingLines(event, paint);
}

function line(color: (text: string) => string, mark: string, { node, title }: { readonly node?: string | undefined; readonly title: string }, rest = ''): string {
  const words = [node, harmless(title), harmless(rest)].filter((word) => word !== undefined && word !== '');
  return `${color(padTo(mark, MARK_COLUMNS))}${words.join('  ')}`;
}

/** The last lines: where a program says what went wrong. */
function failureLines({ message, details, hint }: Extract<EventFields, { readonly type: 'step.failed' }>): readonly string[] {
  const shown = details.slice(-SHOWN_DETAILS);
  const cut = details.length - shown.length;
  return [message, ...(cut > 0 ? [`(${count(cut, 'line')} before these left out)`] : []), ...shown.map((detail) => `  ${detail}`), `next: ${hint}`].map(
    (text) => `${' '.repeat(MARK_COLUMNS)}${harmless(text)}`,
  );
}
