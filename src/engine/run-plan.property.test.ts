import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Need } from '../plan/plan.ts';
import type { RunEvent } from './events.ts';
import { runPlanWith } from './run-plan.ts';
import type { RunResult } from './run-result.ts';
import type { Board, Moves } from './scheduler.ts';
import { isCleaner, nextMoves } from './scheduler.ts';
import type { FakeStep } from './testing/fake-world.ts';
import { FakeWorld, fakeStep } from './testing/fake-world.ts';
import { VirtualClock } from './virtual-clock.ts';

const pools = { pool: ['n-0', 'n-1'] };

interface Drawn {
  readonly steps: readonly FakeStep[];
  readonly lanes: number;
  readonly abortAtMs: number | undefined;
  readonly hardAfterMs: number | undefined;
}

interface Outcome extends Drawn {
  readonly world: FakeWorld;
  readonly events: readonly RunEvent[];
  readonly result: RunResult;
}

const stepShape = fc.record({
  lane: fc.integer({ min: -1, max: 3 }),
  needs: fc.array(fc.record({ back: fc.nat(7), when: fc.constantFrom<Need['when'][]>('succeeded', 'succeeded', 'finished') }), { maxLength: 3 }),
  takesMs: fc.integer({ min: 0, max: 500 }),
  fails: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  gate: fc.option(fc.record({ opensAtMs: fc.nat(800), deadlineMs: fc.nat(600), refuses: fc.boolean() }), { freq: 5 }),
  isProof: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** Needs point back only, then the order is shuffled: every acyclic graph, in every order of writing. */
const drawn: fc.Arbitrary<Drawn> = fc.record({
  steps: fc
    .array(stepShape, { maxLength: 12 })
    .map((shapes) =>
      shapes.map((shape, index): FakeStep => {
        const needs = shape.needs.flatMap(({ back, when }): Need[] => (index - 1 - back >= 0 ? [{ step: `s-${index - 1 - back}`, when: when }] : []));
        const on: FakeStep['on'] = shape.lane < 0 ? { anyOf: 'pool' } : fakeStep('', { lane: `n-${shape.lane}` }).on;
        const actions: FakeStep['actions'] = shape.isProof ? [] : [{ role: 'goal', action: { takesMs: shape.takesMs, fails: shape.fails } }];
        return fakeStep(`s-${index}`, { on, needs, actions, gates: shape.gate === null ? [] : [shape.gate] });
      }),
    )
    .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length })),
  lanes: fc.integer({ min: 1, max: 5 }),
  abortAtMs: fc.option(fc.nat(1500), { nil: undefined }),
  hardAfterMs: fc.option(fc.nat(400), { nil: undefined }),
});

async function run(trial: Drawn, moves = nextMoves): Promise<Outcome> {
  const clock = new VirtualClock();
  const world = new FakeWorld(clock, pools);
  const [soft, hard] = [new AbortController(), new AbortController()];
  const { abortAtMs, hardAfterMs } = trial;
  const never = new AbortController().signal;
  if (abortAtMs !== undefined) void clock.sleep(abortAtMs, never).then(() => soft.abort());
  if (abortAtMs !== undefined && hardAfterMs !== undefined) void clock.sleep(abortAtMs + hardAfterMs, never).then(() => hard.abort());
  const events: RunEvent[] = [];
  const options = {
    signal: soft.signal,
    hardSignal: hard.signal,
    emit: (event: RunEvent) => void events.push(event),
    limits: { lanes: trial.lanes },
    gateEveryMs: 100,
    deadlineMs: (gate: { deadlineMs: number }) => gate.deadlineMs,
    slotsOf: () => [],
    clock,
  };
  const result = await clock.drive(runPlanWith(moves, { desired: '', basis: [], steps: trial.steps, texts: {} }, world.ports(), options));
  return { ...trial, world, events, result };
}

const property = (check: (outcome: Outcome) => boolean, moves = nextMoves) => fc.asyncProperty(drawn, async (trial) => check(await run(trial, moves)));

const END_TYPES = new Set(['step.finished', 'step.failed', 'step.skipped']);
const seqOf = (outcome: Outcome, step: string, types: ReadonlySet<string>): readonly number[] =>
  outcome.events.flatMap((event) => ('step' in event && event.step === step && types.has(event.type) ? [event.seq] : []));
const began = (outcome: Outcome): readonly string[] => outcome.world.seen.filter(({ what }) => what === 'began').map(({ step }) => step);
const finishedSteps = (outcome: Outcome): readonly string[] => outcome.events.flatMap((event) => (event.type === 'step.finished' ? [event.step] : []));

/** Nothing begins before what it needs: as the world saw it for steps with actions, by the events for all. */
function needsHold(outcome: Outcome): boolean {
  return outcome.steps.every((step) => {
    const [begin] = seqOf(outcome, step.id, new Set(['step.started']));
    return (
      begin === undefined || step.needs.every((need) => seqOf(outcome, need.step, need.when === 'succeeded' ? new Set(['step.finished']) : END_TYPES).some((end) => end < begin))
    );
  });
}

function onePerLane({ world, lanes }: Outcome): boolean {
  const open = new Set<string>();
  return world.seen.every(({ what, lane }) => {
    if (what !== 'began') return open.delete(lane);
    if (open.has(lane)) return false;
    open.add(lane);
    return open.size <= lanes;
  });
}

function atMostOnce(outcome: Outcome): boolean {
  return new Set(began(outcome)).size === began(outcome).length;
}

/** Unless stopped for good, cleaners run once one of the steps that they clean up after began, if what must have succeeded has. */
function cleanersRun(outcome: Outcome): boolean {
  if (outcome.abortAtMs !== undefined && outcome.hardAfterMs !== undefined) return true;
  const touched = new Set(outcome.events.flatMap((event) => ('step' in event && (event.type === 'step.finished' || event.type === 'step.failed') ? [event.step] : [])));
  const anyTouched = (step: FakeStep): boolean => step.needs.some((need) => touched.has(need.step));
  const finished = new Set(finishedSteps(outcome));
  return outcome.steps
    .filter((step) => isCleaner(step) && anyTouched(step))
    .every((step) => touched.has(step.id) || step.needs.some((need) => need.when === 'succeeded' && !finished.has(need.step)));
}

/** Every step ends in one way, and the result counts what the events say. */
function countsAreRight(outcome: Outcome): boolean {
  const { events, result, steps } = outcome;
  const ends = steps.every((step) => seqOf(outcome, step.id, END_TYPES).length === 1);
  const started = events.filter((event) => event.type === 'step.started').length;
  const total = finishedSteps(outcome).length + result.failed.length + result.skipped.length;
  const numbered = events.every((event, index) => event.seq === index + 1);
  const verdict = (result.result === 'succeeded') === (finishedSteps(outcome).length === steps.length);
  return ends && numbered && verdict && started === result.stepsRun && total === steps.length && events.at(-1)?.type === 'run.finished';
}

/** After the first request to stop nothing but a cleaner begins. */
function stopsOnAbort({ world, steps, abortAtMs }: Outcome): boolean {
  const cleaners = new Set(steps.filter(isCleaner).map((step) => step.id));
  return world.seen.every(({ what, step, atMs }) => what !== 'began' || abortAtMs === undefined || atMs <= abortAtMs || cleaners.has(step));
}

const properties: readonly (readonly [string, (outcome: Outcome) => boolean])[] = [
  ['no step begins before its needs hold', needsHold],
  ['one step at a time per lane, and no more than allowed', onePerLane],
  ['each step begins at most once', atMostOnce],
  ['cleaners run, whatever became of the others', cleanersRun],
  ['counts and ends are right', countsAreRight],
  ['a request to stop is heeded', stopsOnAbort],
];

describe('for every plan, failure and abort', () => {
  it.each(properties)('%s', async (_words, check) => {
    const details = await fc.check(property(check), { numRuns: 300 });
    expect(fc.defaultReportMessage(details)).toBeUndefined();
  });
});

type AnyBoard = Board<FakeStep>;
const pendingIn = (board: AnyBoard): string[] => [...board.states].flatMap(([id, state]) => (state === 'pending' ? [id] : []));
const succeededAll = (board: AnyBoard): AnyBoard => ({
  ...board,
  open: new Set(pendingIn(board)),
  states: new Map([...board.states].map(([id, state]) => [id, state === 'pending' || state === 'running' ? 'succeeded' : state])),
});

/** Each is the real scheduler with one mistake. */
const mutants: readonly (readonly [string, (board: AnyBoard) => Moves<FakeStep>, (outcome: Outcome) => boolean])[] = [
  ['ignores needs', (board) => ({ ...nextMoves(board), ...(nextMoves(board).skip.length === 0 && { start: nextMoves(succeededAll(board)).start }) }), needsHold],
  ['runs two per lane', (board) => nextMoves({ ...board, busy: new Set() }), onePerLane],
  ['forgets the limit', (board) => nextMoves({ ...board, room: Infinity }), onePerLane],
  [
    'forgets cleaners',
    (board) => ({
      ...nextMoves(board),
      skip: pendingIn(board).flatMap((id) => ([...board.states.values()].includes('failed') ? [{ step: board.steps.get(id)!, cause: { failed: 'x' } }] : [])),
    }),
    cleanersRun,
  ],
  ['takes the first request for the second', (board) => nextMoves({ ...board, stage: board.stage === 'stopping' ? 'halted' : board.stage }), cleanersRun],
  [
    'takes failed for finished',
    (board) => nextMoves({ ...board, states: new Map([...board.states].map(([id, state]) => [id, state === 'failed' ? 'succeeded' : state])) }),
    needsHold,
  ],
];

describe('a scheduler with a mistake is found', () => {
  it.each(mutants)('one that %s', async (_words, moves, check) => {
    const details = await fc.check(property(check, moves as typeof nextMoves), { numRuns: 1000, endOnFailure: true });
    expect(details.failed).toBe(true);
    // By its verdict, not by an error of the mutant itself.
    expect(details.errorInstance).toBeInstanceOf(Error);
    expect((details.errorInstance as Error).message).toContain('Property failed by returning false');
  });
});
