import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinMachineId = definePreflightRule({
  code: 'twin-machine-id',
  severity: 'error',
  title: 'two machines have one machine-id',
  why: 'leases of addresses, journals and network plugins take them for one machine: they get one address, or drop the traffic of the other',
  fix: 'on one of them: rm /etc/machine-id /var/lib/dbus/machine-id, systemd-machine-id-setup, and restart it',
  judge: (view) => sharedByHosts(view, 'machine-id', ({ identity }) => [identity.machineId]),
});
