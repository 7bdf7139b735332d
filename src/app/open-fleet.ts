import { openSshHosts } from '../hosts/open-ssh-hosts.ts';
import type { Cluster } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';

/** The machines of a cluster, reachable until disposed. */
export interface OpenFleet extends AsyncDisposable {
  readonly fleet: Fleet;
}

/** Makes ready to reach every node over SSH; each is dialled when first needed. */
export function openFleet(cluster: Cluster, signal: AbortSignal): OpenFleet {
  const { user, identityFile, knownHostsFile } = cluster.ssh;
  const targets = cluster.nodes.map((node) => ({
    name: node.name,
    address: node.address.openFor(node.name),
    user,
    ...(identityFile !== undefined && { identityFile }),
    ...(knownHostsFile !== undefined && { knownHostsFile }),
  }));
  const opened = openSshHosts(targets, { signal });
  return { fleet: new Map([...opened.hosts].map(([name, host]) => [laneId(name), host])), [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}
