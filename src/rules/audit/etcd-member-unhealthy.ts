import { complain, defineAuditRule } from './audit-rule.ts';
import { hostOfServer } from '../../facts/audit/addresses.ts';

export const etcdMemberUnhealthy = defineAuditRule({
  code: 'etcd-member-unhealthy',
  severity: 'error',
  title: 'an etcd member is not healthy',
  why: 'it counts for the quorum and does not help to keep it: the next failure may stop the whole cluster from writing',
  fix: 'look at the member on its machine: crictl logs of its pod, or journalctl -u etcd; when its machine is gone for good, remove the member',
  judge: ({ members = [], machines }) =>
    members.flatMap(({ name, id, peerURLs, isHealthy, isLearner }) => {
      const machine = machines.find(({ addresses, node }) =>
        peerURLs.some((url) => addresses.includes(hostOfServer(url)) || node?.internalIPs.includes(hostOfServer(url)) === true),
      );
      // Whose machine is no node is told by its own rule; a learner answers no health check.
      return isHealthy || isLearner || machine === undefined
        ? []
        : complain([`member ${name || 'without a name'} (${id}) at ${peerURLs.join(', ')} does not answer as healthy`], { node: machine.name });
    }),
});
