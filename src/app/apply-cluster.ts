import { randomUUID } from 'node:crypto';
import { exitCodes } from '../errors/codes.ts';
import type { Clock } from '../engine/clock.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Ports } from '../engine/ports.ts';
import { runPlan } from '../engine/run-plan.ts';
import type { RunResult } from '../engine/run-result.ts';
import type { Action } from '../actions/action.ts';
import { AppError } from '../errors/app-error.ts';
import { knownHosts } from '../facts/snapshot.ts';
import type { LaneId } from '../plan/plan.ts';
import { leftOutOf } from '../planning/step-types.ts';
import type { Effect, Gate } from '../planning/step-types.ts';
import { ClusterReader } from './cluster-reader.ts';
import { lockFleet } from './fleet-lock.ts';
import { judgeGate } from './gates.ts';
import { openJournal } from './journal-file.ts';
import type { Fleet } from './observe-fleet.ts';
import { pollClockOf } from './poll-clock.ts';
import { PriorityLimiter } from './priority-limiter.ts';
import { countDependants } from '../plan/weights.ts';
import { slotsOf } from './plan-json.ts';
import { journalDirectory, startJournal } from './run-journal.ts';
import type { RunnablePlan } from './runnable-plan.ts';
import { runStepOn } from './run-step.ts';

/** More hosts at work at once than this gain nothing on one operator's line. */
const LANES = 32;
const GATE_EVERY_MS = 250;
/** Enough to keep a line busy while a host checks what it got. */
const TRANSFERS = 3;

export interface ApplyContext {
  readonly fleet: Fleet;
  /** First request to stop: nothing new starts. */
  readonly signal: AbortSignal;
  /** Second one: what runs is left to finish on its host. */
  readonly hardSignal?: AbortSignal;
  readonly emit: (event: RunEvent) => void;
  /** What a person called, as the journal is to name it. */
  readonly command?: string;
  /** What a person should know of, and ends nothing. */
  readonly onWarning: (line: string) => void;
  /** Time for every wait of the run; this machine's unless a simulation has its own. */
  readonly clock?: Clock;
  /** Where the journal is kept; a file on this machine unless a simulation has its own place. */
  readonly openJournal?: typeof openJournal;
}

export interface HostTraffic {
  readonly host: string;
  readonly roundTrips: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface ApplyOutcome extends RunResult {
  /** Of the process (design, section 13). */
  readonly exitCode: number;
  /** Since the fleet was opened: the observation included. */
  readonly traffic: readonly HostTraffic[];
  readonly journal: string | undefined;
}

/** Carries a plan out. Throws `locked` when another run holds a machine; what fails in single steps is in the outcome. */
export async function applyCluster(planned: RunnablePlan, context: ApplyContext): Promise<ApplyOutcome> {
  const runId = randomUUID();
  const journal = planned.plan.steps.length === 0 ? undefined : startJournal(journalDirectory(planned.journalName), runId, context.onWarning, context.openJournal ?? openJournal);
  const emit = (given: RunEvent): void => {
    const event = given.type === 'run.started' && context.command !== undefined ? { ...given, command: context.command } : given;
    journal?.append(event);
    context.emit(event);
  };
  try {
    const result = await runPlan(planned.plan, portsOf(planned, context, runId), {
      signal: context.signal,
      ...(context.hardSignal !== undefined && { hardSignal: context.hardSignal }),
      emit,
      limits: { lanes: LANES },
      gateEveryMs: GATE_EVERY_MS,
      deadlineMs: ({ deadlineMs }) => deadlineMs,
      slotsOf,
      ...(planned.given !== undefined && { given: planned.given }),
      ...(context.clock !== undefined && { clock: context.clock }),
    });
    return { ...result, exitCode: exitCodeOf(result, planned), traffic: trafficOf(context.fleet), journal: journal?.path() };
  } finally {
    journal?.close();
  }
}

function portsOf(planned: RunnablePlan, { fleet, clock }: ApplyContext, runId: string): Ports<Action, Effect, Gate> {
  const { controlPlanes, expected, snapshot } = planned;
  const pollClock = clock && pollClockOf(clock);
  const reader = new ClusterReader(fleet, controlPlanes, snapshot, pollClock);
  const transfers = new PriorityLimiter(TRANSFERS);
  const dependants = countDependants(planned.plan.steps);
  return {
    pick: (pool, signal, busy) => reader.pick(signal, busy, { except: leftOutOf(pool) }),
    run: (lane, step, run) => {
      const host = fleet.get(lane);
      if (host === undefined) throw new AppError('internal', `${lane} is not in the fleet`);
      return runStepOn(
        lane,
        step,
        { host, texts: planned.plan.texts, artifacts: planned.artifacts, transfers, priority: dependants.get(step.id) ?? 0, cluster: expected?.name },
        run,
      );
    },
    judge: (gate, signal) => judgeGate(gate, { fleet, expected, reader }, signal),
    lock: (lanes, signal) => {
      const reachable = new Set(knownHosts(planned.snapshot).map(([lane]) => lane));
      const wanted = new Set<LaneId>([...lanes, ...reader.controlPlanes].filter((lane) => reachable.has(lane)));
      return lockFleet({ fleet, lanes: [...wanted], runId, seen: seenTokens(planned), ...(pollClock !== undefined && { clock: pollClock }) }, signal);
    },
  };
}

/** The number of its lock's last run, of each host that shows one. */
function seenTokens({ snapshot }: RunnablePlan): ReadonlyMap<LaneId, number> {
  return new Map(knownHosts(snapshot).flatMap(([lane, { lock }]) => (lock === undefined ? [] : [[lane, lock.token] as const])));
}

/** Where several hold: locked, refused, unreachable, failed (design, section 13). */
const PRECEDENCE = [exitCodes.locked, exitCodes.refused, exitCodes.unreachable, exitCodes.failedResumable];

function exitCodeOf(result: RunResult, { refused }: RunnablePlan): number {
  if (result.result === 'cancelled') return exitCodes.interrupted;
  const failures = [...result.failed.map(({ error }) => error.exitCode), ...(result.error === undefined ? [] : [result.error.exitCode])];
  const codes = new Set<number>([...failures, ...(refused.length === 0 ? [] : [exitCodes.unreachable])]);
  return PRECEDENCE.find((code) => codes.has(code)) ?? (result.result === 'succeeded' ? exitCodes.ok : exitCodes.failedResumable);
}

export function trafficOf(fleet: Fleet): readonly HostTraffic[] {
  return [...fleet].map(([lane, host]) => ({ host: lane, ...host.traffic() }));
}
