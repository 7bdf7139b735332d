import { complain, defineAuditRule } from './audit-rule.ts';

export const etcdLearner = defineAuditRule({
  code: 'etcd-learner',
  severity: 'warning',
  title: 'an etcd member is a learner',
  why: 'it does not vote, and etcd takes no second one: no control plane can join until it is promoted or removed; one that stays so comes from a join that died',
  fix: 'when its machine is healthy: etcdctl member promote ID; else etcdctl member remove ID, and join the machine anew',
  judge: ({ members = [] }) =>
    members.flatMap(({ name, id, peerURLs, isLearner }) => complain(isLearner ? [`member ${name || 'without a name'} (${id}) at ${peerURLs.join(', ')} is a learner`] : [])),
});
