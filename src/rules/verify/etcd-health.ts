import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import { controlPlanesOf } from './expected-cluster.ts';
import type { ExpectedCluster } from './expected-cluster.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

const shown = ({ name, id }: EtcdMemberFact): string => (name === '' ? `member ${id}, which has no name yet,` : `member ${name} (${id})`);

function judgeMembers(members: readonly EtcdMemberFact[], expected: ExpectedCluster): readonly Verdict[] {
  const names = controlPlanesOf(expected).map(({ name }) => name);
  const leaders = members.filter(({ isLeader }) => isLeader);
  return [
    ...members.flatMap((member) => judgeMember(member, names)),
    ...complainOf(leaders.length === 1 ? [] : [`the members agree on ${leaders.length} leaders`], { title: 'etcd has not one leader that all members agree on' }),
  ];
}

function judgeMember(member: EtcdMemberFact, names: readonly string[]): readonly Verdict[] {
  const isKnown = names.includes(member.name);
  const evidence = [
    ...(isKnown ? [] : [`${shown(member)} is named after no control plane of the cluster file`]),
    ...(member.isLearner ? [`${shown(member)} is a learner: it does not vote`] : []),
    ...(member.isHealthy ? [] : [`${shown(member)} is not healthy`]),
  ];
  return complainOf(evidence, isKnown ? { node: member.name } : {});
}

/** Every member votes and is healthy, they agree on one leader, each is named after a control plane (that each has one: `etcd-member-identity`). */
export const etcdHealth: VerifyRule = defineRule({
  code: 'etcd-health',
  title: 'etcd is not whole',
  why: 'a member that does not vote, is not healthy or belongs to nobody counts against the quorum: fewer control planes may fail than there seem to be',
  fix: 'read etcdctl member list and endpoint health; apply mends a join that died half-way',
  judge: ({ snapshot, expected }: VerifyInput) =>
    judgeSeen(snapshot.cluster, { what: 'etcd members' }, ({ etcdMembers }) => judgeSeen(etcdMembers, { what: 'etcd members' }, (members) => judgeMembers(members, expected))),
});
