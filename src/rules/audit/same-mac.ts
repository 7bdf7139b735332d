import { defineAuditRule } from './audit-rule.ts';
import { sharedByMachines } from './same-identity.ts';

/** Of the interface that carries the machine's address: bridges and pods' interfaces may repeat. */
export const sameMac = defineAuditRule({
  code: 'same-mac',
  severity: 'error',
  title: 'two machines have one MAC address',
  why: 'on one network, frames for one of them reach the other: connections break off by chance, and overlay networks drop what comes from the second',
  fix: 'give the interface of one of them another MAC address in its hypervisor or network configuration',
  judge: (view) =>
    sharedByMachines(view, 'MAC', ({ facts, node, addresses }) => {
      const main = node?.internalIPs ?? addresses;
      return facts.interfaces.filter((each) => each.addresses.some((address) => main.includes(address))).map(({ mac }) => mac);
    }),
});
