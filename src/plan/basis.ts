import { canonicalJson, compareStrings } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import type { Answer, Basis, Fact, FactKey, Reading } from './fact.ts';
import type { LaneId, Relied } from './plan.ts';

/** Starts an empty basis: keeps the first answer to each question, ordered by lane and fact whatever the order of reading. */
export function recordBasis(): Basis {
  const first = new Map<string, Map<string, Relied>>();
  const digests = new Map<string, string>();
  return {
    relied: () => byKey(first).flatMap((facts) => byKey(facts)),
    note: (lane, fact, answer) => {
      const facts = first.get(lane ?? '') ?? new Map<string, Relied>();
      first.set(lane ?? '', facts);
      if (facts.has(fact)) return;
      const { value, shown } = answer();
      facts.set(fact, { fact, ...(lane !== undefined && { lane }), digest: digestOf(value, digests), shown });
    },
  };
}

/** Most machines give the same answer to the same question: each is digested once. */
function digestOf(value: unknown, digests: Map<string, string>): string {
  const text = canonicalJson(value);
  const digest = digests.get(text) ?? sha256(text);
  digests.set(text, digest);
  return digest;
}

function byKey<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([a], [b]) => compareStrings(a, b)).map(([, value]) => value);
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
      basis.note(from.lane, key.key, () => answerOf(key, key.pick(from.observed ?? from.facts)));
      return key.pick(from.facts);
    },
  };
}

/** Why something is unknown is said in words that may change from look to look: only that it is unknown counts. */
function answerOf<F, T>(key: FactKey<F, T>, fact: Fact<T>): Answer {
  if (fact.state === 'known') return { value: fact, shown: key.show(fact.value) };
  return { value: { state: fact.state }, shown: `${fact.state}: ${fact.why}` };
}
