import { hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import { valueOf } from '../../facts/audit/components.ts';
import type { Present } from './present.ts';
import { componentOn, seenMachines } from './machine.ts';
import { KUBEADM, listAt } from './shared-documents.ts';

/** Machines that were of this cluster and are not: by address or name, and what still speaks of them. */
export type Departed = ReadonlyMap<string, string>;

/**
 * What lists of members, upstreams and pods name and no machine of the cluster is. A load balancer's address stands in none of those lists, so it
 * is never taken for a machine that left.
 */
export function departedOf(view: Present): Departed {
  const departed = new Map<string, string>();
  const note = (host: string, source: string): void => {
    if (isAddress(host) && !isNeutralHost(host) && !isPresent(host, view) && !departed.has(host)) departed.set(host, source);
  };
  for (const { name, facts } of seenMachines(view)) {
    // A machine may balance over something else too.
    const ours = facts.balancers.filter(({ upstreams }) => upstreams.some(({ text }) => isPresent(hostOfServer(text), view)));
    for (const { upstreams, path } of ours) for (const { text } of upstreams) note(hostOfServer(text), `an upstream in ${path} of ${name}`);
  }
  // Without its members nobody can say who is in etcd.
  for (const machine of view.members === undefined ? [] : view.machines) {
    for (const url of (valueOf(componentOn(machine, 'kube-apiserver'), 'etcd-servers') ?? '').split(',')) note(hostOfServer(url), `--etcd-servers of ${machine.name}`);
    for (const { url } of initialCluster(valueOf(componentOn(machine, 'etcd'), 'initial-cluster'))) note(hostOfServer(url), `the initial cluster of etcd on ${machine.name}`);
  }
  for (const { value, path } of view.members === undefined ? [] : listAt(view, KUBEADM, 'etcd.external.endpoints')) note(hostOfServer(value), `${path} of kubeadm-config`);
  for (const { node, name, hostIP } of view.cluster?.pods ?? []) {
    if (node === '' || view.cluster?.nodes[node] !== undefined) continue;
    departed.set(node, `pod ${name}`);
    note(hostIP, `pod ${name}`);
  }
  return departed;
}

/** Members of `--initial-cluster`. */
export function initialCluster(value: string | undefined): readonly { readonly name: string; readonly url: string }[] {
  return (value ?? '').split(',').flatMap((entry) => {
    const at = entry.indexOf('=');
    return at === -1 ? [] : [{ name: entry.slice(0, at), url: entry.slice(at + 1) }];
  });
}

function isPresent(address: string, { machines, members, cluster }: Present): boolean {
  // Without the cluster nobody can say who is in it.
  if (cluster === undefined) return true;
  const ofMembers = (members ?? []).flatMap(({ peerURLs, clientURLs }) => [...peerURLs, ...clientURLs].map(hostOfServer));
  return ofMembers.includes(address) || machines.some(({ addresses, node }) => addresses.includes(address) || node?.internalIPs.includes(address) === true);
}
