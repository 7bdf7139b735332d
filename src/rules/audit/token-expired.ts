import { complain, defineAuditRule } from './audit-rule.ts';

export const tokenExpired = defineAuditRule({
  code: 'token-expired',
  severity: 'warning',
  title: 'bootstrap tokens that have expired were left behind',
  why: 'the controller manager removes expired tokens: that they are there says that its token cleaner does not run, and then tokens that are still good never end either',
  fix: 'kubeadm token delete ID; and look whether --controllers of kube-controller-manager holds tokencleaner',
  isMended: true,
  judge: ({ cluster, now }) => {
    if (cluster?.tokens.state !== 'known') return [];
    const expired = cluster.tokens.value.filter(({ expires }) => expires !== undefined && Date.parse(expires) < now.getTime() - TOLERANCE_MS);
    return complain(
      expired.map(({ id, description, expires }) => `token ${id}${description === '' ? '' : ` (${description})`} expired at ${expires ?? ''}`),
      { repair: { kind: 'delete-tokens', ids: expired.map(({ id }) => id) } },
    );
  },
});

/** The cleaner comes within seconds; clocks may differ by more. */
const TOLERANCE_MS = 600_000;
