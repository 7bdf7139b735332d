import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinHostname = definePreflightRule({
  code: 'twin-hostname',
  severity: 'error',
  title: 'two machines have one host name',
  why: 'programs that take it for the name of the node take two machines for one; a clone has more in common than that',
  fix: 'hostnamectl set-hostname NAME on one of them',
  judge: (view) => sharedByHosts(view, 'host name', ({ identity }) => [identity.hostname]),
});
