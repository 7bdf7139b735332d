import type { HostTarget } from '../hosts/host.ts';
import type { Cluster, NodeSshAccess } from '../model/cluster.ts';

/** How each node of the cluster is reached from here, by its name. */
export function sshTargets({ nodes, ssh, sshOf }: Cluster): readonly HostTarget[] {
  return nodes.map(({ name, address }) => {
    const { host, ...access }: NodeSshAccess = sshOf.get(name) ?? ssh;
    return { ...access, name, address: host ?? address.openFor(name) };
  });
}
