import { AppError } from '../errors/app-error.ts';
import { abortable } from './abortable.ts';
import type { Clock } from './clock.ts';
import type { Verdict } from './ports.ts';

type Closed = Extract<Verdict, { readonly open: false }>;

export interface GateLook<G> {
  readonly judge: (gate: G, signal: AbortSignal) => Promise<Verdict>;
  readonly deadlineMs: (gate: G) => number;
  readonly everyMs: number;
  readonly clock: Clock;
  /** The step may no longer start. */
  readonly signal: AbortSignal;
  readonly onWaiting: (why: string) => void;
  readonly onJudged: (gate: number, verdict: Verdict) => void;
}

/**
 * Waits until all gates are open in one and the same look. Throws `refused` for a gate that waiting cannot open and `gate-closed` for
 * one that stayed closed until its deadline, counted from here; `stopped` when the signal aborts before.
 */
export async function awaitGates<G>(gates: readonly G[], look: GateLook<G>): Promise<'open' | 'stopped'> {
  const sinceMs = look.clock.now();
  let told: string | undefined;
  while (!look.signal.aborted) {
    const found = await firstClosed(gates, look);
    if (found === 'stopped') return 'stopped';
    if (found === undefined) {
      gates.forEach((_gate, index) => look.onJudged(index, { open: true }));
      return 'open';
    }
    const leftMs = sinceMs + look.deadlineMs(found.gate) - look.clock.now();
    if (!found.verdict.mayOpen || leftMs <= 0) throw giveUp(found, look, look.clock.now() - sinceMs);
    if (found.verdict.why !== told) look.onWaiting(found.verdict.why);
    told = found.verdict.why;
    await look.clock.sleep(Math.min(look.everyMs, leftMs), look.signal);
  }
  return 'stopped';
}

interface Found<G> {
  readonly gate: G;
  readonly index: number;
  readonly verdict: Closed;
}

async function firstClosed<G>(gates: readonly G[], look: GateLook<G>): Promise<Found<G> | 'stopped' | undefined> {
  for (const [index, gate] of gates.entries()) {
    const verdict = await judgeUnlessStopped(gate, look);
    if (verdict === 'stopped') return 'stopped';
    if (!verdict.open) return { gate, index, verdict };
  }
  return undefined;
}

async function judgeUnlessStopped<G>(gate: G, look: GateLook<G>): Promise<Verdict | 'stopped'> {
  try {
    return await abortable(look.judge(gate, look.signal), look.signal, () => new AppError('interrupted', 'the look was interrupted'));
  } catch (error) {
    if (look.signal.aborted) return 'stopped';
    throw error;
  }
}

function giveUp<G>(found: Found<G>, look: GateLook<G>, waitedMs: number): AppError {
  const { why, details, mayOpen } = found.verdict;
  look.onJudged(found.index, found.verdict);
  if (!mayOpen) return new AppError('refused', why, { details });
  return new AppError('gate-closed', `${why} (waited ${Math.round(waitedMs / 1000)} s)`, { details, retry: 'safe' });
}
