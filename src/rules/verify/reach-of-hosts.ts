import type { ReachFacts } from '../../facts/inside/reach-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import type { VerifyInput } from './verify-input.ts';

/** What the host of a node reaches. */
export function reachOf({ reach }: VerifyInput, node: string): Observed<ReachFacts> {
  return reach[node] ?? { state: 'unknown', why: `${node} was not asked` };
}

/** Every node's host that could be asked; for the others `proxy-upstreams` says why not. */
export function hostsSeen(input: VerifyInput): readonly (readonly [node: string, reach: ReachFacts])[] {
  return input.expected.nodes.flatMap(({ name }) => {
    const reach = reachOf(input, name);
    return reach.state === 'known' ? [[name, reach.value] as const] : [];
  });
}
