import { compareStrings } from '../util/canonical-json.ts';

/** A set over all nodes, sorted: allowed in files of nodes, never in shared state (it changes when a node comes or goes). */
export interface Membership<T> {
  readonly members: readonly T[];
}

/** Sorts by `key`, so that the order of nodes in a file changes nothing. */
export function membership<T>(members: Iterable<T>, key: (member: T) => string): Membership<T> {
  return { members: [...members].sort((a, b) => compareStrings(key(a), key(b))) };
}
