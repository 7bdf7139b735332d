import { defineAuditRule } from './audit-rule.ts';
import { sharedByMachines } from './same-identity.ts';

/** A clone whose keys were not renewed. */
export const sameSshHostKey = defineAuditRule({
  code: 'same-ssh-host-key',
  severity: 'error',
  title: 'two machines have one SSH host key',
  why: 'who logs in to one of them cannot tell whether it is the other, and neither can a tool: what is meant for one machine may be done on another',
  fix: 'on one of them: rm /etc/ssh/ssh_host_*, ssh-keygen -A, restart sshd, and accept its new key',
  judge: (view) => sharedByMachines(view, 'SSH host key', ({ facts }) => facts.identity.sshHostKeys),
});
