import { defineAuditRule } from './audit-rule.ts';
import { sharedByMachines } from './same-identity.ts';

/** Where the kubelet is given a name of its own, the clone is still one. */
export const sameHostname = defineAuditRule({
  code: 'same-hostname',
  severity: 'error',
  title: 'two machines have one host name',
  why: 'the kubelet registers a machine by its host name: the second takes over the Node object of the first, and their pods fight',
  fix: 'give one of them another host name with hostnamectl, then reset it and join it anew',
  judge: (view) => sharedByMachines(view, 'host name', ({ facts }) => [facts.identity.hostname.trim().toLowerCase()]),
});
