import type { Fact } from '../../plan/fact.ts';
import { hostOfServer, isAddress, isNeutralHost } from './addresses.ts';
import type { ClusterView } from './cluster-view.ts';
import { componentOf, valueOf } from './components.ts';
import type { MachineFacts } from './machine-facts.ts';

type Identified = Pick<MachineFacts, 'identity' | 'interfaces' | 'processes' | 'manifests'>;

/** Addresses by which a machine can be told, loopback left out. */
export function addressesOfMachine({ interfaces }: Pick<MachineFacts, 'interfaces'>): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.filter((address) => !isNeutralHost(address) && !address.startsWith('fe80:')));
}

/** The name by which the kubelet of a machine registers it. */
function registeredName(machine: Identified): string {
  return valueOf(componentOf(machine, 'kubelet'), 'hostname-override') || machine.identity.hostname.trim().toLowerCase();
}

/**
 * The node that a machine is: by the name that its kubelet registers, else by an address of its own, else by what was dialled. Names come first: a
 * node that is known by another machine's address is one of the things that an audit looks for.
 */
export function nameOfMachine(facts: Fact<MachineFacts>, dialled: { readonly name: string; readonly address: string }, cluster: Fact<ClusterView>): string {
  if (cluster.state !== 'known') return facts.state === 'known' && dialled.name === dialled.address ? registeredName(facts.value) : dialled.name;
  const { nodes } = cluster.value;
  if (facts.state === 'known') {
    const registered = registeredName(facts.value);
    // Two machines may claim one name (a clone): then only the address tells.
    const own = addressesOfMachine(facts.value);
    if (nodes[registered]?.internalIPs.some((address) => own.includes(address)) === true) return registered;
    const byAddress = Object.values(nodes).find(({ internalIPs }) => internalIPs.some((address) => own.includes(address)));
    return (
      byAddress?.name ?? (registered in nodes && dialled.name === registered ? registered : dialled.name in nodes ? dialled.name : registered in nodes ? registered : dialled.name)
    );
  }
  return Object.values(nodes).find(({ name, internalIPs }) => name === dialled.name || internalIPs.includes(dialled.address))?.name ?? dialled.name;
}

/** Addresses of nodes and etcd members on machines that were not looked at yet, one a machine. */
export function undialledAddresses({ nodes, etcdMembers }: ClusterView, dialled: readonly string[]): readonly string[] {
  const ofNodes = Object.values(nodes).flatMap(({ internalIPs }) => (internalIPs.some((address) => dialled.includes(address)) ? [] : internalIPs.slice(0, 1)));
  const nodeAddresses = Object.values(nodes).flatMap(({ internalIPs }) => internalIPs);
  const members = etcdMembers.state === 'known' ? etcdMembers.value.flatMap(({ peerURLs }) => peerURLs.map(hostOfServer)) : [];
  const ofMembers = members.filter((address) => isAddress(address) && !dialled.includes(address) && !nodeAddresses.includes(address));
  return [...new Set([...ofNodes, ...ofMembers])];
}

/** Addresses at which a node expects API servers: where to look for a control plane when none was given. */
export function leadsOf(machines: readonly Fact<MachineFacts>[]): readonly string[] {
  const seen = machines.flatMap((fact) => (fact.state === 'known' ? addressesOfMachine(fact.value) : []));
  const hosts = machines.flatMap((fact) => (fact.state === 'known' ? serversOf(fact.value) : []));
  return [...new Set(hosts)].filter((host) => isAddress(host) && !isNeutralHost(host) && !seen.includes(host));
}

function serversOf({ kubeconfigs, balancers, names }: MachineFacts): readonly string[] {
  const servers = Object.values(kubeconfigs).map(({ server }) => hostOfServer(server));
  const upstreams = balancers.flatMap((balancer) => balancer.upstreams.map(({ text }) => hostOfServer(text)));
  return [...upstreams, ...servers, ...servers.flatMap((host) => names[host] ?? [])];
}
