import type { Verdict } from '../engine/ports.ts';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import type { ExpectedNode } from '../rules/verify/expected-cluster.ts';

/**
 * Whether etcd can take one more member. One that was added and has never started waits for nobody: the join that added it is over, and no time opens the gate, so it is told at
 * once, by the node whose address it has.
 */
export function joinableVerdict(members: readonly EtcdMemberFact[], nodes: readonly ExpectedNode[]): Verdict {
  const left = members.filter(({ name }) => name === '');
  if (left.length > 0) {
    const [first] = left;
    const words = left.map(
      (member) => `${ownerOf(member, nodes)} was added to etcd in an earlier life and never started there: member ${member.id}, ${member.peerURLs.join(', ')}`,
    );
    const remove = `take it out of etcd, which costs nothing as it has never run: etcdctl member remove ${first?.id ?? ''} on a control plane, then run apply again`;
    return { open: false, why: words.join('; '), details: [remove], mayOpen: false };
  }
  const bad = members.filter(({ isLearner, isHealthy }) => isLearner || !isHealthy);
  if (bad.length === 0) return { open: true };
  const words = bad.map(({ name, isLearner }) => `${name} ${isLearner ? 'is a learner' : 'is not healthy'}`);
  const why = `${members.length - bad.length} of ${members.length} etcd members vote and are healthy, all must be before one is added: ${words.join(', ')}`;
  return { open: false, why, details: words, mayOpen: true };
}

function ownerOf({ peerURLs }: EtcdMemberFact, nodes: readonly ExpectedNode[]): string {
  const hosts = new Set(peerURLs.map((url) => new URL(url).hostname));
  return nodes.find(({ address }) => hosts.has(address))?.name ?? 'a machine that is not in the file';
}
