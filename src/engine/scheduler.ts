import type { LaneId, Step } from '../plan/plan.ts';
import type { Stage } from './stop.ts';

export type StepState = 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';
export type AnyStep = Step<unknown, unknown, unknown>;

/** Why a step will not run: the step at the root of it, or that the run was stopped. */
export type Cause = { readonly failed: string } | { readonly stopped: true };

/** Where a run stands: all that the next moves depend on. */
export interface Board<S extends AnyStep> {
  readonly steps: ReadonlyMap<string, S>;
  /** Ids of the `pending` steps to look at; those of which nothing can be said yet may be missing. The first come first where lanes or room are short. */
  readonly open: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, StepState>;
  /** For steps that were skipped: why. */
  readonly causes: ReadonlyMap<string, Cause>;
  readonly busy: ReadonlySet<LaneId>;
  /** A step of a pool whose chosen lane was busy waits for that lane before it chooses again. */
  readonly awaited: ReadonlyMap<string, LaneId>;
  /** How many more steps may run at the same time. */
  readonly room: number;
  readonly stage: Stage;
}

export interface Moves<S extends AnyStep> {
  readonly skip: readonly { readonly step: S; readonly cause: Cause }[];
  readonly start: readonly S[];
}

/** A step that cleans up after others: it runs whatever became of them. */
export function isCleaner(step: AnyStep): boolean {
  return step.needs.some((need) => need.when === 'finished');
}

/** What to do now. Skips first and alone: each may settle what others wait for, so the caller asks again after them. */
export function nextMoves<S extends AnyStep>(board: Board<S>): Moves<S> {
  const skip: { step: S; cause: Cause }[] = [];
  for (const id of board.open) {
    const step = board.steps.get(id);
    const cause = step && causeToSkip(board, step);
    if (step && cause) skip.push({ step, cause });
  }
  return { skip, start: skip.length > 0 ? [] : chooseStarts(board) };
}

function chooseStarts<S extends AnyStep>(board: Board<S>): readonly S[] {
  const busy = new Set(board.busy);
  const start: S[] = [];
  for (const id of board.open) {
    if (start.length >= board.room) break;
    const step = board.steps.get(id);
    if (step === undefined || !isFree(step, busy, board.awaited) || !step.needs.every((need) => isSettled(board, need.step))) continue;
    if ('lane' in step.on) busy.add(step.on.lane);
    start.push(step);
  }
  return start;
}

function isFree(step: AnyStep, busy: ReadonlySet<LaneId>, awaited: ReadonlyMap<string, LaneId>): boolean {
  const lane = 'lane' in step.on ? step.on.lane : awaited.get(step.id);
  return lane === undefined || !busy.has(lane);
}

function isSettled(board: Board<AnyStep>, id: string): boolean {
  const state = board.states.get(id);
  return state === 'succeeded' || state === 'failed' || state === 'skipped';
}

function causeToSkip(board: Board<AnyStep>, step: AnyStep): Cause | undefined {
  if (board.stage === 'halted' || (board.stage === 'stopping' && !isCleaner(step))) return { stopped: true };
  const broken = step.needs.find((need) => need.when === 'succeeded' && hasNotSucceeded(board, need.step));
  if (broken !== undefined) return causeBehind(board, broken.step);
  // Where nothing that it cleans up after ever began there is nothing to clean up.
  const idle = isCleaner(step) && step.needs.every((need) => isSettled(board, need.step)) && !anyBegan(board, step);
  return idle ? causeBehind(board, step.needs[0]?.step ?? step.id) : undefined;
}

function hasNotSucceeded(board: Board<AnyStep>, id: string): boolean {
  const state = board.states.get(id);
  return state === 'failed' || state === 'skipped';
}

function causeBehind(board: Board<AnyStep>, id: string): Cause {
  return board.causes.get(id) ?? { failed: id };
}

/** The steps that it cleans up after are those that it needs itself: what came before them left nothing of its concern. */
function anyBegan(board: Board<AnyStep>, step: AnyStep): boolean {
  return step.needs.some(({ step: id }) => board.states.get(id) !== 'skipped');
}
