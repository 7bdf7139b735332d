import type { PlanJson } from '../contract/plan.ts';
import { count } from '../util/count.ts';
import { formatDuration } from './duration.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';
import { placesOf } from './plan-places.ts';
import { renderTable } from './table.ts';

/** What a run came to. */
export interface Closing {
  readonly result: 'succeeded' | 'failed' | 'refused' | 'cancelled';
  readonly stepsRun: number;
  /** Of the whole command, the look at the machines included. */
  readonly elapsedMs: number;
  readonly traffic: readonly { readonly host: string; readonly roundTrips: number; readonly bytesSent: number; readonly bytesReceived: number }[];
  readonly exitCode: number;
  /** Where the run is recorded. */
  readonly journal?: string | undefined;
  /** The command that goes on from what is there. */
  readonly again: string;
  /** What is as it shall be when nothing was to be done. */
  readonly goal: string;
  /** What to do after it, a line each. */
  readonly next: readonly string[];
}

/** A plan in a few lines, to be agreed to: what happens where. Ends with a newline. */
export function renderSummary(plan: PlanJson, paint: Paint): string {
  if (plan.steps.length === 0) return '';
  const lines = placesOf(plan.steps).map(({ label, steps }) => `  ${paint.bold(label)}  ${steps.map(({ title }) => harmless(title)).join('; ')}`);
  return `${[`cluster ${plan.cluster}: ${count(plan.steps.length, 'step')}`, ...lines].join('\n')}\n`;
}

/** The last words of a run: what it took, and what to do next. Ends with a newline. */
export function renderClosing(closing: Closing, paint: Paint): string {
  const { exitCode, stepsRun, traffic, journal, elapsedMs } = closing;
  const head = exitCode === 0 && stepsRun === 0 ? `${paint.green('nothing to do')}: ${closing.goal}. ` : '';
  const record = journal === undefined ? [] : [`journal: ${journal}`];
  return `${[`${head}Took ${formatDuration(elapsedMs)} in all`, ...record, '', trafficTable(traffic, paint).trimEnd(), ...prefixed(nextLines(closing))].join('\n')}\n`;
}

function trafficTable(traffic: Closing['traffic'], paint: Paint): string {
  const rows = traffic.map(({ host, roundTrips, bytesSent, bytesReceived }) => [host, String(roundTrips), kilobytes(bytesSent), kilobytes(bytesReceived)]);
  return renderTable(['host', 'round trips', 'sent', 'received'], rows, paint);
}

function nextLines({ result, exitCode, again, next }: Closing): readonly string[] {
  if (result === 'cancelled') return [`next: ${again} goes on from what is there`];
  if (exitCode !== 0) return [`next: mend what is named above, then run ${again} again: it goes on from what is there`];
  return next;
}

/** With a line of distance. */
function prefixed(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function kilobytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
