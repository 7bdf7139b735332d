import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import { hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import { valueOf } from '../../facts/audit/components.ts';
import type { Present } from './present.ts';
import { componentOn, seenMachines } from './machine.ts';
import { KUBEADM, listAt } from './shared-documents.ts';

/** Machines that were of this cluster and are not: by address or name, and what still speaks of them. */
export type Departed = ReadonlyMap<string, string>;

/** A host that something names, and what does. */
interface Mention {
  readonly host: string;
  readonly source: string;
}

/**
 * What lists of members, upstreams and pods name and no machine of the cluster is. A load balancer's address stands in none of those lists, so it
 * is never taken for a machine that left.
 */
export function departedOf(view: Present): Departed {
  const departed = new Map<string, string>();
  const addresses = [...upstreams(view), ...etcdMembers(view), ...pods(view)].filter(({ host }) => isAddress(host) && !isNeutralHost(host) && !isPresent(host, view));
  for (const { host, source } of [...addresses, ...namesOfPods(view)]) if (!departed.has(host)) departed.set(host, source);
  return departed;
}

/** Of load balancers that lead to a machine of this cluster: others are none of its business. */
function upstreams(view: Present): readonly Mention[] {
  return seenMachines(view).flatMap(({ name, facts }) =>
    facts.balancers
      .filter((balancer) => balancer.upstreams.some(({ text }) => isPresent(hostOfServer(text), view)))
      .flatMap((balancer) => balancer.upstreams.map(({ text }) => ({ host: hostOfServer(text), source: `an upstream in ${balancer.path} of ${name}` }))),
  );
}

/** Without the members nobody can say who is in etcd. */
function etcdMembers(view: Present): readonly Mention[] {
  if (view.members === undefined) return [];
  const ofMachines = view.machines.flatMap((machine) => [
    ...(valueOf(componentOn(machine, 'kube-apiserver'), 'etcd-servers') ?? '').split(',').map((url) => ({ host: hostOfServer(url), source: `--etcd-servers of ${machine.name}` })),
    ...initialCluster(valueOf(componentOn(machine, 'etcd'), 'initial-cluster')).map(({ url }) => ({
      host: hostOfServer(url),
      source: `the initial cluster of etcd on ${machine.name}`,
    })),
  ]);
  const ofKubeadm = listAt(view, KUBEADM, 'etcd.external.endpoints').map(({ value, path }) => ({ host: hostOfServer(value), source: `${path} of kubeadm-config` }));
  return [...ofMachines, ...ofKubeadm];
}

/** Pods that are left on nodes which are not there. */
function orphans({ cluster }: Present): ClusterView['pods'] {
  return (cluster?.pods ?? []).filter(({ node }) => node !== '' && cluster?.nodes[node] === undefined);
}

function pods(view: Present): readonly Mention[] {
  return orphans(view).map(({ name, hostIP }) => ({ host: hostIP, source: `pod ${name}` }));
}

function namesOfPods(view: Present): readonly Mention[] {
  return orphans(view).map(({ name, node }) => ({ host: node, source: `pod ${name}` }));
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
