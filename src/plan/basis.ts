import { canonicalJson, compareStrings } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import type { Basis, Fact, FactKey, Reading } from './fact.ts';
import type { LaneId, Relied } from './plan.ts';

/** Starts an empty basis: keeps the first answer to each question, ordered by lane and fact whatever the order of reading. */
export function recordBasis(): Basis {
  const first = new Map<string, Relied>();
  return {
    relied: () => [...first].sort(([a], [b]) => compareStrings(a, b)).map(([, relied]) => relied),
    note: (lane, fact, digest, shown) => {
      const key = canonicalJson([lane ?? '', fact]);
      if (!first.has(key)) first.set(key, { fact, ...(lane !== undefined && { lane }), digest, shown });
    },
  };
}

/** What a planner reads from: `facts` answer; where they were predicted, `observed` is what the basis notes. */
export interface ReadFrom<F> {
  readonly facts: F;
  readonly observed?: F;
  /** Absent for facts of no single lane: those of the whole cluster. */
  readonly lane?: LaneId;
}

/** Facts that can be read through the basis only. */
export function readThrough<F>(basis: Basis, from: ReadFrom<F>): Reading<F> {
  return {
    read: (key) => {
      noteFact(basis, from.lane, key, key.pick(from.observed ?? from.facts));
      return key.pick(from.facts);
    },
  };
}

function noteFact<F, T>(basis: Basis, lane: LaneId | undefined, key: FactKey<F, T>, fact: Fact<T>): void {
  basis.note(lane, key.key, digestOf(fact), fact.state === 'known' ? key.show(fact.value) : `${fact.state}: ${fact.why}`);
}

/** Why something is unknown is said in words that may change from look to look: only that it is unknown counts. */
function digestOf<T>(fact: Fact<T>): string {
  return sha256(canonicalJson(fact.state === 'known' ? fact : { state: fact.state }));
}
