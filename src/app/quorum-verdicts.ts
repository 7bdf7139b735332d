import type { Verdict } from '../engine/ports.ts';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import { hasQuorum, majority } from '../model/quorum.ts';

/** A node's member of etcd: one that has never started has no name yet. */
export interface OwnMember {
  readonly node: string;
  readonly peerURL: string;
}

interface Split {
  /** Undefined where the node has no member. */
  readonly own: EtcdMemberFact | undefined;
  readonly others: readonly EtcdMemberFact[];
  readonly healthy: readonly EtcdMemberFact[];
}

/** Of the others those that vote. */
function splitOf(members: readonly EtcdMemberFact[], { node, peerURL }: OwnMember): Split {
  const isOwn = (member: EtcdMemberFact): boolean => member.name === node || member.peerURLs.includes(peerURL);
  const others = members.filter((member) => !isOwn(member) && !member.isLearner);
  return { own: members.find(isOwn), others, healthy: others.filter(({ isHealthy }) => isHealthy) };
}

/** Whether a member may go for good: the others must be able to write without it, with those that are down now; it counts no longer. */
export function removableVerdict(members: readonly EtcdMemberFact[], member: OwnMember): Verdict {
  const { own, others, healthy } = splitOf(members, member);
  if (own === undefined || hasQuorum(others.length, healthy.length)) return { open: true };
  return tooFew(`without ${member.node} ${healthy.length} of ${others.length} etcd members would be healthy`, majority(others.length), others);
}

/**
 * Whether a member may stop for a while: it goes on counting, so the others must be the majority of all. Of two members none can be spared, however healthy they are: then the other is
 * to be healthy, so that it goes on when the first is back.
 */
export function sparedVerdict(members: readonly EtcdMemberFact[], member: OwnMember): Verdict {
  const { own, others, healthy } = splitOf(members, member);
  if (own === undefined || own.isLearner) return { open: true };
  const voters = others.length + 1;
  const needed = Math.min(majority(voters), others.length);
  if (healthy.length >= needed) return { open: true };
  return tooFew(`while ${member.node} stops ${healthy.length} of ${voters} etcd members would be healthy`, needed, others);
}

function tooFew(what: string, needed: number, others: readonly EtcdMemberFact[]): Verdict {
  const down = others.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
  return { open: false, why: `${what}, and ${needed} are needed: ${down.join(', ')} must be healthy first`, details: [], mayOpen: true };
}
