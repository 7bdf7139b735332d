import type { EventFields } from '../contract/event.ts';
import { eventJson } from '../contract/event.ts';
import { harmless, paintFor, wantsColor } from './paint.ts';
import { lastingLines, liveLines, plainLines } from './progress-lines.ts';
import { initialProgress, reduceProgress } from './progress-state.ts';

/** Where progress goes: `process.stdout` or `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly format: 'text' | 'json';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch, the clock that events are dated by. Default: this machine's. */
  readonly now?: () => number;
  /** Calls again and again until what it returned is called. Default: an interval that keeps no process alive. */
  readonly repeat?: (redraw: () => void, everyMs: number) => () => void;
}

/** Takes the events of one run as they come. `end` leaves the terminal clean; events after it are not shown. */
export interface Progress {
  accept(event: EventFields): void;
  /** A line beside the events, for people alone: it is no JSON. */
  say(line: string): void;
  end(): void;
}

const REDRAW_MS = 200;
const DEFAULT_SCREEN = { columns: 80, rows: 24 };
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

/** Live lines on a terminal, plain ones without, one JSON value per line when asked for. */
export function showProgress(options: ProgressOptions): Progress {
  if (options.format === 'json') return { ...writeEach(options.stream, (event) => [JSON.stringify(eventJson(event))]), say: () => undefined };
  const paint = paintFor(wantsColor(options.stream, options.env));
  const canRedraw = options.stream.isTTY === true && options.env['TERM'] !== 'dumb';
  return canRedraw ? drawLive(options) : writeEach(options.stream, (event) => plainLines(event, paint));
}

function writeEach(stream: ProgressStream, linesOf: (event: EventFields) => readonly string[]): Progress {
  return {
    accept: (event) => linesOf(event).forEach((line) => stream.write(`${line}\n`)),
    say: (line) => stream.write(`${line}\n`),
    end: () => undefined,
  };
}

function drawLive({ stream, env, now = Date.now, repeat = everyInterval }: ProgressOptions): Progress {
  const paint = paintFor(wantsColor(stream, env));
  let state = initialProgress;
  let drawn = 0;
  let isOver = false;
  const draw = (lasting: readonly string[]): void => {
    // A terminal that does not know its size says 0.
    const screen = { columns: stream.columns || DEFAULT_SCREEN.columns, rows: stream.rows || DEFAULT_SCREEN.rows };
    const live = liveLines(state, now(), { screen, paint });
    // One write per frame: nothing flickers.
    stream.write(`${clear(drawn)}${[...lasting, ...live].map((line) => `${line}\n`).join('')}`);
    drawn = live.length;
  };
  const stop = repeat(() => draw([]), REDRAW_MS);
  stream.write(HIDE_CURSOR);
  return {
    accept: (event) => {
      if (isOver) return;
      state = reduceProgress(state, event);
      const lasting = lastingLines(event, paint);
      // Output comes fast: the next frame shows it.
      if (lasting.length > 0 || event.type === 'step.started') draw(lasting);
    },
    say: (line) => {
      if (!isOver) draw([harmless(line)]);
    },
    end: () => {
      if (isOver) return;
      isOver = true;
      stop();
      stream.write(`${clear(drawn)}${SHOW_CURSOR}`);
      drawn = 0;
    },
  };
}

/** Back to the first of the lines, and nothing below. */
function clear(lines: number): string {
  return lines === 0 ? '' : `\u001B[${lines}A\u001B[0J`;
}

function everyInterval(redraw: () => void, everyMs: number): () => void {
  const timer = setInterval(redraw, everyMs).unref();
  return () => clearInterval(timer);
}
