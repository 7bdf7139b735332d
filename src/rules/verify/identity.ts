import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { RuleResult } from '../finding.ts';
import { mergeResults } from '../rule.ts';
import { apiEndpointOfNode } from './api-endpoint-of-node.ts';
import { endpointName } from './endpoint-name.ts';
import { etcdMemberIdentity } from './etcd-member-identity.ts';
import type { ExpectedCluster, ExpectedNode } from './expected-cluster.ts';
import { expectedOf } from './expected-cluster.ts';
import type { IdentityRule } from './identity-rule.ts';
import { kubeconfigServer } from './kubeconfig-server.ts';
import { manifestIdentity } from './manifest-identity.ts';
import { nodeAddress } from './node-address.ts';
import { processIdentity } from './process-identity.ts';
import { servingCertificates } from './serving-certificates.ts';
import { superAdmin } from './super-admin.ts';

/** The identity proof of design, section 10: rules about one node each. */
export const identityRules: readonly IdentityRule[] = [
  manifestIdentity,
  processIdentity,
  servingCertificates,
  etcdMemberIdentity,
  nodeAddress,
  apiEndpointOfNode,
  kubeconfigServer,
  endpointName,
  superAdmin,
];

function nodeOf({ nodes }: ExpectedCluster, name: string): ExpectedNode {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`the cluster file has no node ${name}`);
  return node;
}

/** What the node's host must be asked for the proof of its identity. */
export function identityProbes(cluster: Cluster, node: string): readonly ProbeRequest[] {
  const target = nodeOf(expectedOf(cluster), node);
  return identityRules.flatMap((rule) => rule.probes(target));
}

/**
 * The identity proof of one node, the gate after its join: proven when there is neither a finding nor anything unknown. The snapshot must hold the
 * node's own host and the cluster; that another host is not in it, or another node has not joined, changes nothing.
 */
export function identityResult(cluster: Cluster, node: string, snapshot: Snapshot): RuleResult {
  const expected = expectedOf(cluster);
  const target = nodeOf(expected, node);
  return mergeResults(identityRules.map((rule) => rule.checkNode(target, { expected, snapshot })));
}
