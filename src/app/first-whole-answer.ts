import type { ClusterFacts } from '../facts/cluster-facts.ts';
import { StallWatch } from '../hosts/stall-watch.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';

type View = Pick<ClusterFacts, 'etcdMembers'>;

const NO_CONTROL_PLANE = 'no machine that was reached is a control plane';

/**
 * Asks control planes one after another until one answers whole; an answer without the members of etcd is taken where none has them. With `headStartMs` the next one is asked, too, when the one
 * before has not answered after so long: several that hang are waited for together. Who is left over is told by `enough` that no answer is needed any more.
 */
export async function firstWholeAnswer<V extends View>(
  lanes: AsyncIterable<LaneId> | Iterable<LaneId>,
  ask: (lane: LaneId, enough: AbortSignal) => Promise<Fact<V>>,
  headStartMs?: number,
): Promise<Fact<V>> {
  const enough = new AbortController();
  const pending = new Set<Promise<void>>();
  const wholes: Fact<V>[] = [];
  const facts: Fact<V>[] = [];
  try {
    for await (const lane of lanes) {
      if (wholes[0] !== undefined) break;
      const place = facts.push(unknown(`${lane} was not waited for`)) - 1;
      const answered = ask(lane, enough.signal).then((fact) => {
        facts[place] = fact;
        if (fact.state === 'known' && fact.value.etcdMembers.state === 'known') wholes.push(fact);
        pending.delete(answered);
      });
      pending.add(answered);
      // Thrown where it is waited for.
      answered.catch(() => undefined);
      await (headStartMs === undefined ? answered : answeredOrLate(answered, headStartMs));
      if (wholes[0] !== undefined) return wholes[0];
    }
    while (wholes[0] === undefined && pending.size > 0) await Promise.race(pending);
    return wholes[0] ?? bestOf(facts);
  } finally {
    enough.abort();
  }
}

/** Of answers none of which is whole. */
function bestOf<V>(facts: readonly Fact<V>[]): Fact<V> {
  const partial = facts.find((fact) => fact.state === 'known');
  if (partial !== undefined) return known(partial.value);
  const failures = facts.flatMap((fact) => (fact.state === 'known' ? [] : [fact.why]));
  return unknown(failures.length === 0 ? NO_CONTROL_PLANE : `no control plane answered: ${failures.join('; ')}`);
}

async function answeredOrLate(answered: Promise<void>, lateMs: number): Promise<void> {
  using late = new StallWatch(lateMs);
  await Promise.race([answered, new Promise<void>((resolve) => late.signal.addEventListener('abort', () => resolve(), { once: true }))]);
}
