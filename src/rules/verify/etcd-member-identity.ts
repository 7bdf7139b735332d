import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import { complainOf, judgeSeen } from '../rule.ts';
import { etcdClientUrl, etcdPeerUrl } from './component-flags.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule } from './identity-rule.ts';

function judgeMember(members: readonly EtcdMemberFact[], { name, address }: ExpectedNode): readonly string[] {
  const member = members.find((candidate) => candidate.name === name);
  if (member === undefined) return [`etcd has no member named ${name}`];
  const peers = member.peerURLs.join(',');
  const clients = member.clientURLs.join(',');
  return [
    ...(peers === etcdPeerUrl(address) ? [] : [`peer URL of member ${name} is ${peers}, the node's own is ${etcdPeerUrl(address)}`]),
    ...(clients === etcdClientUrl(address) ? [] : [`client URL of member ${name} is ${clients || 'absent'}, the node's own is ${etcdClientUrl(address)}`]),
  ];
}

/** The member of a control plane is named after its node and reached by its own address. */
export const etcdMemberIdentity = defineIdentityRule({
  code: 'etcd-member-identity',
  title: 'the etcd member of the node is not its own',
  why: 'the other members dial the peer URL: with a wrong one this member falls out of the quorum at the next restart, and nobody can tell which member is whose',
  fix: 'read etcdctl member list; correct a URL with etcdctl member update ID --peer-urls=https://ADDRESS:2380',
  judgeNode: (node, { snapshot }) =>
    node.role === 'worker'
      ? []
      : judgeSeen(snapshot.cluster, { node: node.name, what: 'etcd members' }, ({ etcdMembers }) =>
          judgeSeen(etcdMembers, { node: node.name, what: 'etcd members' }, (members) => complainOf(judgeMember(members, node), { node: node.name })),
        ),
});
