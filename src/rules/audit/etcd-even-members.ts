import { majority, tolerance } from '../../model/quorum.ts';
import { complain, defineAuditRule } from './audit-rule.ts';

export const etcdEvenMembers = defineAuditRule({
  code: 'etcd-even-members',
  severity: 'warning',
  title: 'etcd has an even number of members',
  why: 'one member more than an odd number bears no further failure and one more can fail: of two, the loss of any one stops the cluster',
  fix: 'add a control plane, or remove one, so that etcd has an odd number of members',
  judge: ({ members = [] }) => {
    const voting = members.filter(({ isLearner }) => !isLearner);
    const names = voting.map(({ name }) => name).sort();
    return complain(
      voting.length > 0 && voting.length === members.length && voting.length % 2 === 0
        ? [`${voting.length} members (${names.join(', ')}): ${majority(voting.length)} must be there, ${tolerance(voting.length) || 'none'} may fail`]
        : [],
    );
  },
});
