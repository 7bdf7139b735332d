import { canonicalJson } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import type { Cluster, ClusterNode } from './cluster.ts';

/**
 * Digest of what is desired: equal for equal clusters, however the file is written. How the operator's machine reaches the nodes is
 * left out: two operators with keys of their own desire the same cluster.
 */
export function digestOfCluster(cluster: Cluster): string {
  return sha256(canonicalJson({ wide: cluster.wide, nodes: cluster.nodes.map(plainNode), controlPlanes: cluster.controlPlanes.members }));
}

function plainNode(node: ClusterNode): object {
  return {
    name: node.name,
    role: node.role,
    address: node.address.openFor(node.name),
    labels: node.labels.openFor(node.name),
    taints: node.taints.openFor(node.name),
    args: node.args.openFor(node.name),
    kubeletConfig: node.kubeletConfig.openFor(node.name),
  };
}
