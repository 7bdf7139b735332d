import { defineAuditRule } from './audit-rule.ts';
import { sharedByMachines } from './same-identity.ts';

/** A clone whose id was not renewed. */
export const sameMachineId = defineAuditRule({
  code: 'same-machine-id',
  severity: 'error',
  title: 'two machines have one machine-id',
  why: 'leases of addresses, journals and network plugins take them for one machine: they get one address, or drop the traffic of the other',
  fix: 'on one of them: rm /etc/machine-id /var/lib/dbus/machine-id, systemd-machine-id-setup, and restart it',
  judge: (view) => sharedByMachines(view, 'machine-id', ({ facts }) => [facts.identity.machineId]),
});
