import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { RunEvent } from '../engine/events.ts';
import { hasFinished, suspectsIn } from '../engine/journal.ts';
import type { JournalFile } from './journal-file.ts';
import { listJournals, openJournal, readJournal } from './journal-file.ts';

/** The journal of a run that goes on without one where it cannot be written: useful, never needed for what is right. */
export interface RunJournal {
  /** Undefined until the first event is written. */
  readonly path: () => string | undefined;
  append(event: RunEvent): void;
  close(): void;
}

/** `$XDG_STATE_HOME/kubewright/clusters/<cluster>/`. */
export function journalDirectory(cluster: string): string {
  const state = process.env['XDG_STATE_HOME'];
  return join(state === undefined || state === '' ? join(homedir(), '.local', 'state') : state, 'kubewright', 'clusters', cluster);
}

/** Opens the journal with its first event: a run that was refused leaves none. Nothing here throws; the first failure is warned of, and ends the journal. */
export function startJournal(directory: string, runId: string, onWarning: (line: string) => void, open = openJournal): RunJournal {
  const startedAt = new Date();
  let file: JournalFile | undefined;
  let hasFailed = false;
  const attempt = (act: () => void): void => {
    if (hasFailed) return;
    try {
      act();
    } catch (error) {
      hasFailed = true;
      onWarning(`the journal in ${directory} cannot be written, the run goes on without: ${reasonOf(error)}`);
    }
  };
  return {
    path: () => file?.path,
    append: (event) =>
      attempt(() => {
        file ??= open(directory, { startedAt, runId });
        file.append(event);
      }),
    close: () => {
      attempt(() => file?.close());
    },
  };
}

export interface LastRun {
  readonly startedAt: string;
  /** What a person called; undefined in journals of earlier versions. */
  readonly command: string | undefined;
  /** Undefined while it runs, or when it died. */
  readonly finished: Extract<RunEvent, { type: 'run.finished' }> | undefined;
  /** Steps that began and of which no end is known. */
  readonly unfinished: readonly string[];
  readonly path: string;
}

/** The last run of a cluster that did anything, by its journal here; undefined where there is none. Throws where its journal cannot be read. */
export function lastRun(directory: string): LastRun | undefined {
  const { path, events } = lastJournal(directory);
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined) return undefined;
  const command = first.type === 'run.started' ? first.command : undefined;
  return { startedAt: first.time, command, finished: last?.type === 'run.finished' ? last : undefined, unfinished: suspectsIn(events).map(({ step }) => step), path };
}

/** What the last run of a cluster left, one line from its journal; undefined where it came to its end, or none is there. */
export function leftByLastRun(directory: string): string | undefined {
  try {
    const { events } = lastJournal(directory);
    const suspects = suspectsIn(events).map(({ step, node }) => (node === undefined ? step : `${step} on ${node}`));
    const isOver = hasFinished(events);
    if (events.length === 0 || (isOver && suspects.length === 0)) return undefined;
    const left = suspects.length === 0 ? 'no step was at work' : `begun and not ended: ${suspects.join(', ')}`;
    return `the last run from here, begun ${events[0]?.time ?? ''}, ${isOver ? 'was stopped' : 'has not come to its end'}; ${left}`;
  } catch (error) {
    return unreadWords(directory, error);
  }
}

/** Why nothing is known of the runs before, in words. */
export function unreadWords(directory: string, error: unknown): string {
  return `the journals in ${directory} cannot be read: ${reasonOf(error)}`;
}

/** Of the last run that did anything; no events where there is none. Throws for a journal that holds something else than records. */
function lastJournal(directory: string): { readonly path: string; readonly events: readonly RunEvent[] } {
  for (const path of listJournals(directory).toReversed()) {
    const { events, isTorn } = readJournal(path);
    if (events.length > 0) return { path, events };
    if (isTorn) throw new Error(`${basename(path)} begins with no whole record`);
  }
  return { path: '', events: [] };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
