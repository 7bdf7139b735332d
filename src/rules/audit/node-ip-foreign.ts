import { isAddress } from '../../facts/audit/addresses.ts';
import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { componentOn, seenMachines } from './machine.ts';

/** The kubelet's `--node-ip`, the Node object and the interfaces, held against one another. */
export const nodeIpForeign = defineAuditRule({
  code: 'node-ip-foreign',
  severity: 'error',
  title: 'the cluster knows a node by an address that is not its own',
  why: 'the API server, metrics and the network plugin dial the InternalIP: with a wrong one they reach another machine or none, and its pods have no network',
  fix: "correct --node-ip where the kubelet's arguments come from, and restart the kubelet; the Node object follows",
  judge: (view) =>
    seenMachines(view).flatMap((machine) =>
      complain(
        judge(
          machine,
          machine.facts.interfaces.flatMap(({ addresses }) => addresses),
        ),
        { node: machine.name },
      ),
    ),
});

function judge(machine: Machine, onInterfaces: readonly string[]): readonly string[] {
  const setting = settingOf(componentOn(machine, 'kubelet'), 'node-ip');
  const given = (setting?.value ?? '').split(',').filter((address) => isAddress(address) && address !== '0.0.0.0' && address !== '::');
  const known = machine.node?.internalIPs ?? [];
  const own = machine.addresses.join(', ');
  const wrong = given.filter((address) => !onInterfaces.includes(address));
  if (wrong.length > 0) return [`${setting?.where ?? ''}: --node-ip=${wrong.join(',')} is on no interface of the machine, which has ${own}`];
  const foreign = known.filter((address) => !onInterfaces.includes(address));
  if (foreign.length > 0) return [`the InternalIP of the Node object is ${foreign.join(', ')}, which is on no interface of the machine; it has ${own}`];
  const unlike = given.filter((address) => known.length > 0 && !known.includes(address));
  return unlike.map((address) => `${setting?.where ?? ''}: --node-ip=${address}, the InternalIP of the Node object is ${known.join(', ')}`);
}
