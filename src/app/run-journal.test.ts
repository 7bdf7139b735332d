import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../engine/events.ts';
import { laneId } from '../plan/plan.ts';
import { listJournals, readJournal } from './journal-file.ts';
import { lastRun, leftByLastRun, startJournal } from './run-journal.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-journal-'));
  directory = join(root, 'demo');
});
afterEach(() => rmSync(root, { recursive: true }));

const join2 = { step: 'cp-2/join', title: 'Join', node: laneId('cp-2') };
const begun: EventBody = { type: 'step.started', ...join2 };
const left: EventBody = { type: 'step.failed', ...join2, code: 'interrupted', message: '', hint: '', details: [] };
const over: EventBody = { type: 'run.finished', result: 'succeeded', stepsRun: 1, durationMs: 1 };

function record(bodies: readonly EventBody[], warnings: string[] = []): string | undefined {
  const journal = startJournal(directory, `r${Math.random()}`, (line) => warnings.push(line));
  const all: readonly EventBody[] = [{ type: 'run.started', steps: 2 }, ...bodies];
  all.forEach((body, index) => journal.append({ seq: index + 1, time: `2026-01-01T00:00:0${index}.000Z`, ...body }));
  journal.close();
  return journal.path();
}

describe('a journal that cannot be written', () => {
  it.each([
    ['a state directory that is a file', () => writeFileSync(directory, '')],
    ['a parent that is a file', () => writeFileSync((directory = join(root, 'file')), '')],
  ])('is warned of once, and the run goes on: %s', (_what, prepare) => {
    prepare();
    const warnings: string[] = [];
    expect(record([begun, over], warnings)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(`the journal in ${directory} cannot be written, the run goes on without: E`)]);
  });

  it('may fail at any record: the disk is full', () => {
    const warnings: string[] = [];
    const written: number[] = [];
    const append = ({ seq }: RunEvent): void => {
      if (seq > 1) throw new Error('ENOSPC: no space left on device, write');
      written.push(seq);
    };
    const open = () => ({ path: '/j', append, close: () => undefined });
    const journal = startJournal(directory, 'r1', (line) => warnings.push(line), open);
    for (const seq of [1, 2, 3]) journal.append({ seq, time: '', type: 'run.started', steps: 1 });
    journal.close();
    expect(written).toEqual([1]);
    expect(warnings).toEqual([expect.stringContaining('ENOSPC')]);
  });
});

it('begins with the first event: a run that was refused leaves none', () => {
  startJournal(directory, 'r1', () => undefined).close();
  expect(listJournals(directory)).toEqual([]);
  const path = record([begun]);
  expect(readJournal(path ?? '').events).toHaveLength(2);
});

describe('what the last run left', () => {
  it('is nothing where there was none, or it came to its end', () => {
    expect(leftByLastRun(directory)).toBeUndefined();
    record([begun, { type: 'step.finished', ...join2, durationMs: 5 }, over]);
    expect(leftByLastRun(directory)).toBeUndefined();
  });

  it.each([
    [[begun], 'the last run from here, begun 2026-01-01T00:00:00.000Z, has not come to its end; begun and not ended: cp-2/join on cp-2'],
    [[], 'the last run from here, begun 2026-01-01T00:00:00.000Z, has not come to its end; no step was at work'],
    [[begun, left, over], 'the last run from here, begun 2026-01-01T00:00:00.000Z, was stopped; begun and not ended: cp-2/join on cp-2'],
  ])('is told of %j', (bodies, line) => {
    record(bodies);
    writeFileSync(join(directory, 'z-of-a-run-that-was-refused.jsonl'), '');
    expect(leftByLastRun(directory)).toBe(line);
  });

  it('is not told of a run before the last', () => {
    record([begun]);
    writeFileSync(join(directory, 'z.jsonl'), `${JSON.stringify({ seq: 1, time: '', ...over })}\n`);
    expect(leftByLastRun(directory)).toBeUndefined();
  });

  it('is not taken from an older journal where the last one is spoilt', () => {
    record([begun]);
    writeFileSync(join(directory, 'z.jsonl'), 'spoilt\n');
    expect(leftByLastRun(directory)).toBe(`the journals in ${directory} cannot be read: z.jsonl begins with no whole record`);
    expect(() => lastRun(directory)).toThrow('z.jsonl begins with no whole record');
  });

  it('cannot always be read, and that ends nothing', () => {
    mkdirSync(join(directory, 'a-directory.jsonl'), { recursive: true });
    expect(leftByLastRun(directory)).toContain(`the journals in ${directory} cannot be read: E`);
  });
});
