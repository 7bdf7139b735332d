import { hostOfNode } from '../../facts/observed.ts';
import type { Observed } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import type { PreflightView } from './preflight-input.ts';

type Unseen = Exclude<Observed<unknown>, { readonly state: 'known' }>;

/** Begins the line of an advice that says what to do. */
const NEXT = 'next: ';

/** Whether the machine is a member of the cluster, as far as that is known. */
export function isMember({ snapshot }: Pick<PreflightView, 'snapshot'>, node: string): boolean {
  return snapshot.cluster.state === 'known' && node in snapshot.cluster.value.nodes;
}

/** A complaint about each machine that is not yet a member and was not seen in this way: what it said as evidence, its advice as the fix. */
export function complainOfUnseen(view: PreflightView, isOfThisKind: (host: Unseen) => boolean): readonly Verdict[] {
  return view.nodes.flatMap(({ name }): readonly Verdict[] => {
    const host = hostOfNode(view.snapshot, name);
    if (host.state === 'known' || isMember(view, name) || !isOfThisKind(host)) return [];
    const lines = (host.advice ?? '').split('\n').filter((line) => line !== '');
    const next = lines.find((line) => line.startsWith(NEXT));
    return [{ node: name, evidence: [host.why, ...lines.filter((line) => line !== next)], ...(next !== undefined && { fix: next.slice(NEXT.length) }) }];
  });
}
