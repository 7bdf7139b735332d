import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinSshHostKey = definePreflightRule({
  code: 'twin-ssh-host-key',
  severity: 'warning',
  title: 'two machines have one SSH host key',
  why: 'who has the key of one of them can stand in for the other, and a login by mistake to the wrong machine is not noticed',
  fix: 'on one of them: rm /etc/ssh/ssh_host_*, ssh-keygen -A, and restart sshd; then renew the known host keys here',
  judge: (view) => sharedByHosts(view, 'host key', ({ identity }) => identity.sshHostKeys.map(shortened)),
});

const SHOWN = 40;

function shortened(key: string): string {
  return `${key.slice(0, SHOWN)}...${key.slice(-SHOWN / 2)}`;
}
