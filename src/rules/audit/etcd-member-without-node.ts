import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import { hostOfServer } from '../../facts/audit/addresses.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn, seenMachines } from './machine.ts';
import { valueOf } from '../../facts/audit/components.ts';

/** Whether the members of etcd run on nodes of the cluster, as stacked etcd does, and Kubespray's. */
function runsOnNodes({ members = [], machines }: AuditView): boolean {
  const onNodes = members.filter(({ peerURLs }) => machines.some(({ node, addresses }) => node !== undefined && peerURLs.some((url) => addresses.includes(hostOfServer(url)))));
  return onNodes.length > members.length / 2;
}

/** Members that nobody claims. */
function strangers(view: AuditView): readonly EtcdMemberFact[] {
  const addresses = view.machines.flatMap(({ node, addresses: own }) => (node === undefined ? [] : [...own, ...node.internalIPs]));
  const started = seenMachines(view).map((machine) => valueOf(componentOn(machine, 'etcd'), 'name'));
  return (view.members ?? []).filter(({ name, peerURLs }) => !started.includes(name) && !peerURLs.some((url) => addresses.includes(hostOfServer(url))));
}

export const etcdMemberWithoutNode = defineAuditRule({
  code: 'etcd-member-without-node',
  severity: 'error',
  title: 'etcd counts a member whose machine is no node of the cluster',
  why: 'a member that does not run still counts for the quorum: fewer machines may fail than it seems, and the next member that joins waits for it',
  fix: 'when its machine is gone for good: etcdctl member remove ID, through a healthy member',
  grades: 'a warning where the member is healthy',
  judge: (view) =>
    runsOnNodes(view)
      ? strangers(view).flatMap(({ id, name, peerURLs, isHealthy }) =>
          complain([`member ${name || 'without a name'} (${id}) at ${peerURLs.join(', ')} runs on no node; it is ${isHealthy ? 'healthy' : 'not healthy'}`], {
            severity: isHealthy ? 'warning' : 'error',
          }),
        )
      : [],
});
