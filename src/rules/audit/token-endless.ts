import { complain, defineAuditRule } from './audit-rule.ts';

export const tokenEndless = defineAuditRule({
  code: 'token-endless',
  severity: 'warning',
  title: 'a bootstrap token never expires',
  why: 'whoever has read it once, in a shell history or a log, can join a machine of their own at any time and gets the secrets of the pods that are placed there',
  fix: 'kubeadm token delete ID; make tokens that live minutes when a machine joins',
  isMended: true,
  judge: ({ cluster }) => {
    if (cluster?.tokens.state !== 'known') return [];
    const endless = cluster.tokens.value.filter(({ expires }) => expires === undefined);
    return complain(
      endless.map(({ id, description }) => `token ${id}${description === '' ? '' : ` (${description})`} has no expiration`),
      { repair: { kind: 'delete-tokens', ids: endless.map(({ id }) => id) } },
    );
  },
});
