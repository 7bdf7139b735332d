import { isAddress, isInRange, isNeutralHost } from '../../facts/audit/addresses.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { seenMachines } from './machine.ts';

/** L23: Kubespray's `kubelet_secure_addresses`. */
export const unitAllowListStale = defineAuditRule({
  code: 'unit-allow-list-stale',
  severity: 'error',
  title: 'a unit lets only a list of machines in, and a control plane is not on it',
  why: 'the API server on that control plane does not reach the kubelet: logs, exec, port-forward and metrics fail whenever it is the one that answers',
  fix: "write the machines' network as one range into IPAddressAllow of the unit named, reload systemd and restart the unit",
  judge: (view) =>
    seenMachines(view).flatMap(({ name, facts }) =>
      complain(
        Object.entries(facts.units).flatMap(([unit, { allowedAddresses }]) => missing(view, unit, allowedAddresses)),
        { node: name },
      ),
    ),
});

function missing({ controlPlanes }: AuditView, unit: string, allowed: readonly string[]): readonly string[] {
  // A list of ranges, or one that knows no machine of the cluster, is no list of this cluster's machines.
  const lists = controlPlanes.some(({ addresses }) => allowed.some((entry) => isAddress(entry) && addresses.includes(entry)));
  if (!lists) return [];
  const isLetIn = (address: string): boolean => allowed.some((entry) => entry === address || entry === 'any' || isInRange(address, entry));
  const out = controlPlanes.filter(({ addresses }) => addresses.length > 0 && !addresses.some(isLetIn));
  return out.map(
    ({ name, addresses }) => `IPAddressAllow of ${unit} lists ${allowed.filter((entry) => !isNeutralHost(entry)).join(' ')} and not ${addresses[0] ?? ''}, the address of ${name}`,
  );
}
