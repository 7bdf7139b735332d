import { expect, it } from 'vitest';
import type { EventFields } from '../contract/event.ts';
import type { ProgressOptions } from './progress.ts';
import { showProgress } from './progress.ts';

type Body<T> = T extends unknown ? Omit<T, 'seq' | 'time'> : never;

const start = Date.parse('2026-01-01T00:00:00.000Z');
const prepare = { step: 'cp-1/prepare', title: 'Prepare the machine', node: 'cp-1' };
const join = { step: 'worker-1/join', title: 'Join the worker', node: 'worker-1' };

function eventsOf(...timed: readonly (readonly [number, Body<EventFields>])[]): readonly EventFields[] {
  return timed.map(([atMs, body], index) => ({ seq: index + 1, time: new Date(start + atMs).toISOString(), ...body }));
}

const events = eventsOf(
  [0, { type: 'run.started', runId: 'r', steps: 3 }],
  [0, { type: 'step.started', ...prepare }],
  [0, { type: 'step.waiting', ...join, why: 'the API does not answer' }],
  [900, { type: 'transfer.progressed', ...prepare, sentBytes: 30_000_000, totalBytes: 90_000_000 }],
  [2000, { type: 'action.output', ...prepare, action: 0, line: '\u001B[31munpacking\u001B[0m' }],
  [12_000, { type: 'step.finished', ...prepare, durationMs: 12_000 }],
  [13_000, { type: 'step.started', ...join }],
  [
    75_000,
    {
      type: 'step.failed',
      ...join,
      code: 'step-failed',
      message: 'kubeadm join ended with exit code 1',
      hint: 'mend the cause',
      details: Array.from({ length: 22 }, (_, index) => `line ${index}`),
    },
  ],
  [75_000, { type: 'step.skipped', step: 'proof', title: 'Prove identity', because: 'worker-1/join failed', failed: 'worker-1/join' }],
  [75_000, { type: 'run.finished', result: 'failed', stepsRun: 2, durationMs: 75_000 }],
);

interface Shown {
  readonly writes: string[];
  readonly tick: (atMs: number) => void;
  readonly options: ProgressOptions;
}

function screen(fields: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }, env: Record<string, string> = { NO_COLOR: '1' }): Shown {
  const writes: string[] = [];
  let nowMs = start;
  let redraw: () => void = () => undefined;
  const repeat = (draw: () => void): (() => void) => {
    redraw = draw;
    return () => (redraw = () => undefined);
  };
  const tick = (atMs: number): void => {
    nowMs = start + atMs;
    redraw();
  };
  return { writes, tick, options: { stream: { ...fields, write: (text: string) => writes.push(text) }, format: 'text', env, now: () => nowMs, repeat } };
}

const ESCAPE = '\u001B';
const CLEAR = new RegExp(String.raw`^${ESCAPE}\[(\d+)A${ESCAPE}\[0J`);
const CURSOR = new RegExp(String.raw`${ESCAPE}\[\?25[lh]`, 'g');

/** What stands on the screen: interprets the cursor's moves. */
function onScreen(writes: readonly string[]): readonly string[] {
  let lines: string[] = [];
  for (const write of writes) {
    const match = CLEAR.exec(write);
    if (match) lines = lines.slice(0, lines.length - Number(match[1]));
    const text = write.slice(match?.[0].length ?? 0).replaceAll(CURSOR, '');
    lines.push(...text.split('\n').slice(0, -1));
  }
  return lines;
}

it('writes plain lines without a terminal', () => {
  const { writes, options } = screen({});
  const progress = showProgress(options);
  for (const event of events) progress.accept(event);
  progress.end();
  expect(writes.join('')).toMatchInlineSnapshot(`
    "begun   cp-1  Prepare the machine
    waits   worker-1  Join the worker  the API does not answer
    done    cp-1  Prepare the machine  12s
    begun   worker-1  Join the worker
    failed  worker-1  Join the worker  [step-failed]
            kubeadm join ended with exit code 1
            (2 lines before these left out)
              line 2
              line 3
              line 4
              line 5
              line 6
              line 7
              line 8
              line 9
              line 10
              line 11
              line 12
              line 13
              line 14
              line 15
              line 16
              line 17
              line 18
              line 19
              line 20
              line 21
            next: mend the cause
    skipped Prove identity  worker-1/join failed
    failed: 2 steps in 1m 15s
    "
  `);
});

it('draws one line per working node on a terminal, and leaves only what ended', () => {
  const { writes, tick, options } = screen({ isTTY: true, columns: 60, rows: 10 });
  const progress = showProgress(options);
  for (const event of events.slice(0, 4)) progress.accept(event);
  tick(1000);
  expect(onScreen(writes)).toMatchInlineSnapshot(`
    [
      "  cp-1      Prepare the machine  1.0s  sending 33% of 90.0…",
      "  worker-1  Join the worker  1.0s  waits: the API does not…",
      "  0 of 3 steps, 1.0s",
    ]
  `);
  progress.accept(events[4]!);
  tick(2500);
  expect(onScreen(writes)[0]).toMatchInlineSnapshot(`"  cp-1      Prepare the machine  2.5s  unpacking"`);
  progress.accept(events[5]!);
  tick(13_000);
  expect(onScreen(writes)).toMatchInlineSnapshot(`
    [
      "done    cp-1  Prepare the machine  12s",
      "  worker-1  Join the worker  13s  waits: the API does not …",
      "  1 of 3 steps, 13s",
    ]
  `);
  for (const event of events.slice(6)) progress.accept(event);
  progress.end();
  expect(onScreen(writes)).toMatchInlineSnapshot(`
    [
      "done    cp-1  Prepare the machine  12s",
      "failed  worker-1  Join the worker  [step-failed]",
      "        kubeadm join ended with exit code 1",
      "        (2 lines before these left out)",
      "          line 2",
      "          line 3",
      "          line 4",
      "          line 5",
      "          line 6",
      "          line 7",
      "          line 8",
      "          line 9",
      "          line 10",
      "          line 11",
      "          line 12",
      "          line 13",
      "          line 14",
      "          line 15",
      "          line 16",
      "          line 17",
      "          line 18",
      "          line 19",
      "          line 20",
      "          line 21",
      "        next: mend the cause",
      "skipped Prove identity  worker-1/join failed",
      "failed: 2 steps in 1m 15s",
    ]
  `);
  const before = writes.length;
  progress.accept(events[6]!);
  expect(writes).toHaveLength(before);
});

it('says a line beside the events, above the live ones; never among JSON', () => {
  const live = screen({ isTTY: true, columns: 60, rows: 10 });
  const progress = showProgress(live.options);
  for (const event of events.slice(0, 2)) progress.accept(event);
  progress.say('stopping');
  expect(onScreen(live.writes)).toEqual(['stopping', '  cp-1  Prepare the machine  0.0s', '  0 of 3 steps, 0.0s']);
  const json = screen({});
  showProgress({ ...json.options, format: 'json' }).say('stopping');
  expect(json.writes).toEqual([]);
});

it('never draws wider or higher than the terminal', () => {
  const { writes, tick, options } = screen({ isTTY: true, columns: 20, rows: 5 });
  const progress = showProgress(options);
  for (const event of eventsOf(
    ...Array.from({ length: 9 }, (_, index) => [index, { type: 'step.started', step: `s${index}`, title: '準備する準備する準備する', node: `n-${index}` }] as const),
  ))
    progress.accept(event);
  tick(2000);
  expect(onScreen(writes)).toMatchInlineSnapshot(`
    [
      "  n-0  準備する準…",
      "  n-1  準備する準…",
      "  n-2  準備する準…",
      "  0 of 0 steps, 49…",
    ]
  `);
});

it('colours a terminal unless NO_COLOR is set', () => {
  const shownWith = (env: Record<string, string>): string => {
    const { writes, options } = screen({ isTTY: true }, env);
    const progress = showProgress(options);
    for (const event of events) progress.accept(event);
    return writes.join('');
  };
  expect(shownWith({})).toContain('\u001B[32mdone');
  // eslint-disable-next-line no-control-regex
  expect(shownWith({ NO_COLOR: '1' })).not.toMatch(/\u001B\[\d+m/);
});

it('writes one JSON value per line when asked for', () => {
  const { writes, options } = screen({ isTTY: true });
  const progress = showProgress({ ...options, format: 'json' });
  for (const event of events) progress.accept(event);
  progress.end();
  expect(writes.map((line) => JSON.parse(line) as unknown)).toEqual(events.map((event) => ({ apiVersion: 'kubewright.dev/v1alpha1', kind: 'Event', ...event })));
});
