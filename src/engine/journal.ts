import type { RunEvent } from './events.ts';

/** What a journal holds: the events of one run up to its end or its death. */
export interface JournalContent {
  readonly events: readonly RunEvent[];
  /** The run died while it wrote: what follows the last whole record is dropped. */
  readonly isTorn: boolean;
}

/** Progress of transfers passes too quickly to be kept. */
export function isJournalled(event: RunEvent): boolean {
  return event.type !== 'transfer.progressed';
}

/** One record: a line of JSON. Events are redacted before they come here, and hold no slot's bytes. */
export function encodeRecord(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Reads records until the first that is not whole: each was synced before the next was written, so only a last one can be torn. */
export function decodeJournal(text: string): JournalContent {
  const lines = text.split('\n');
  const rest = lines.pop();
  const events: RunEvent[] = [];
  for (const line of lines) {
    const event = decodeRecord(line);
    if (event === undefined) return { events, isTorn: true };
    events.push(event);
  }
  return { events, isTorn: rest !== '' };
}

/** Steps that began and of which no end is known: what a run left when it died or was told to leave them. */
export function suspectsIn(events: readonly RunEvent[]): readonly { readonly step: string; readonly node: string | undefined }[] {
  const open = new Map<string, { readonly step: string; readonly node: string | undefined }>();
  for (const event of events) {
    if (event.type === 'step.started') open.set(event.step, { step: event.step, node: event.node });
    const isLeft = event.type === 'step.failed' && event.code === 'interrupted';
    if (event.type === 'step.finished' || event.type === 'step.skipped' || (event.type === 'step.failed' && !isLeft)) open.delete(event.step);
  }
  return [...open.values()];
}

/** Whether the run came to its own end. */
export function hasFinished(events: readonly RunEvent[]): boolean {
  return events.at(-1)?.type === 'run.finished';
}

function decodeRecord(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: the record was torn.
    return undefined;
  }
}

function isRecord(value: unknown): value is RunEvent {
  return typeof value === 'object' && value !== null && 'seq' in value && 'time' in value && 'type' in value;
}
