import type { HostFacts } from '../../facts/host-facts.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';
import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinMac = definePreflightRule({
  code: 'twin-mac',
  severity: 'error',
  title: 'two machines have one MAC address',
  why: 'on one network, frames for one of them reach the other: connections break off by chance, and vxlan drops what comes from the second',
  fix: 'give the interface of one of them another MAC address in its hypervisor or network configuration',
  judge: (view) => sharedByHosts(view, 'MAC', macOfNode),
});

/** Of the interface that carries the node's address: bridges and pods' interfaces may repeat. */
function macOfNode({ addresses, ground }: HostFacts, { address }: ExpectedNode): readonly string[] {
  const names = addresses.filter((each) => each.address === address).map((each) => each.interface.replace(/@.*/, ''));
  return (ground?.links ?? []).filter(({ name }) => names.includes(name)).map(({ mac }) => mac);
}
