import type { HostFacts } from '../../facts/host-facts.ts';
import { hostOfNode } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';
import type { PreflightView } from './preflight-input.ts';

/** One complaint for each value that two machines share and that must be one machine's own, if a deployment has yet to begin on one of them. */
export function sharedByHosts(view: PreflightView, words: string, of: (host: HostFacts, node: ExpectedNode) => readonly string[]): readonly Verdict[] {
  const fresh = new Set(view.fresh.map(({ node }) => node.name));
  const holders = new Map<string, string[]>();
  for (const node of view.nodes) {
    const host = hostOfNode(view.snapshot, node.name);
    const values = host.state === 'known' ? of(host.value, node) : [];
    for (const value of new Set(values)) if (value !== '') holders.set(value, [...(holders.get(value) ?? []), node.name]);
  }
  return [...holders].flatMap(([value, names]) =>
    names.length > 1 && names.some((name) => fresh.has(name)) ? [{ evidence: [`${words} of ${names.join(' and ')} is ${value}`] }] : [],
  );
}
