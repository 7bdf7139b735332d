import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../engine/events.ts';
import { hasFinished, suspectsIn } from '../engine/journal.ts';
import { laneId } from '../plan/plan.ts';
import { listJournals, openJournal, readJournal } from './journal-file.ts';

let directory: string;
beforeEach(() => (directory = join(mkdtempSync(join(tmpdir(), 'journal-')), 'demo')));
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

const of = { step: 'cp-1/init', title: 'Initialise', node: laneId('cp-1') };
const bodies: readonly EventBody[] = [
  { type: 'run.started', runId: 'r1', steps: 2 },
  { type: 'step.started', ...of },
  { type: 'transfer.progressed', ...of, sentBytes: 1, totalBytes: 2 },
  { type: 'step.finished', ...of, durationMs: 5 },
  { type: 'step.started', step: 'cp-2/join', title: 'Join', node: laneId('cp-2') },
];
const events = bodies.map((body, index): RunEvent => ({ seq: index + 1, time: '2026-01-01T00:00:00.000Z', ...body }));
const run = { startedAt: new Date('2026-01-01T00:00:00Z'), runId: 'r1' };

function write(): string {
  const journal = openJournal(directory, run);
  for (const event of events) journal.append(event);
  journal.close();
  return journal.path;
}

it('keeps records in order, but no progress of transfers, readable by its owner alone', () => {
  const path = write();
  expect(readJournal(path)).toEqual({ events: events.filter((event) => event.type !== 'transfer.progressed'), isTorn: false });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(listJournals(directory)).toEqual([path]);
});

it.each(['{"seq":6,"ti', '{"seq":6}\n', '\0\0\0\0'])('drops a torn end %j', (end) => {
  const path = write();
  appendFileSync(path, end);
  expect(readJournal(path)).toEqual({ events: events.filter((event) => event.type !== 'transfer.progressed'), isTorn: true });
});

it('never writes over a journal', () => {
  write();
  expect(() => openJournal(directory, run)).toThrow('EEXIST');
});

it('has no journals where there is no directory', () => {
  expect(listJournals(join(directory, 'none'))).toEqual([]);
});

it('names what a dead run left unfinished', () => {
  expect(suspectsIn(events)).toEqual([{ step: 'cp-2/join', node: 'cp-2' }]);
  expect(hasFinished(events)).toBe(false);
  const left: RunEvent = { seq: 6, time: '', type: 'step.failed', step: 'cp-2/join', title: 'Join', code: 'interrupted', message: '', hint: '', details: [] };
  expect(suspectsIn([...events, left])).toHaveLength(1);
  expect(suspectsIn([...events, { ...left, code: 'step-failed' }])).toEqual([]);
});
