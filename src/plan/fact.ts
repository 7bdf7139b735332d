import type { LaneId, Relied } from './plan.ts';

/** What was observed: known, or why not. Never an exception. */
export type Fact<T> = { readonly state: 'known'; readonly value: T } | Unseen;

export interface Unseen {
  readonly state: 'unknown' | 'unreachable';
  readonly why: string;
  /** Which kind of failure it was, where that is known: it was reached, and lets nobody become root. */
  readonly code?: 'sudo-refused';
  /** For whoever has to mend it, one or more lines; decides nothing. */
  readonly advice?: string;
}

export function known<T>(value: T): Fact<T> {
  return { state: 'known', value };
}

export function unknown(why: string): Fact<never> {
  return { state: 'unknown', why };
}

/** One question to the observed facts `F`, with the words in which a plan's basis shows its answer. */
export interface FactKey<F, T> {
  readonly key: string;
  readonly pick: (facts: F) => Fact<T>;
  readonly show: (value: T) => string;
}

/** Facts are read through this, so that a plan knows what it relied on. */
export interface Reading<F> {
  read<T>(key: FactKey<F, T>): Fact<T>;
}

/** What was answered: what its digest is of, and its words. */
export interface Answer {
  readonly value: unknown;
  readonly shown: string;
}

/** Collects what was relied on, over all lanes of a plan. */
export interface Basis {
  readonly relied: () => readonly Relied[];
  /** `answer` is asked for at the first reading alone. */
  note(lane: LaneId | undefined, key: string, answer: () => Answer): void;
}
