import type { Fact } from '../plan/fact.ts';
import { unknown } from '../plan/fact.ts';
import type { HostFacts } from './host-facts.ts';
import type { Snapshot } from './snapshot.ts';

/** What was looked at: known, or why not. For rules, which know facts and no plan. */
export type Observed<T> = Fact<T>;

/** The facts of a node's host; a node's lane is its name. */
export function hostOfNode({ hosts }: Pick<Snapshot, 'hosts'>, name: string): Observed<HostFacts> {
  const byName: Readonly<Record<string, Observed<HostFacts>>> = hosts;
  return byName[name] ?? unknown(`${name} was not looked at`);
}
