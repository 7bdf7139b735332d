import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { RuleResult } from '../finding.ts';
import { mergeResults } from '../rule.ts';
import { apiEndpointOfNode } from './api-endpoint-of-node.ts';
import { apiEndpoints } from './api-endpoints.ts';
import { apiReadyz } from './api-readyz.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { endpointName } from './endpoint-name.ts';
import { etcdHealth } from './etcd-health.ts';
import { etcdMemberIdentity } from './etcd-member-identity.ts';
import type { IdentityRule } from './identity-rule.ts';
import { kubeconfigServer } from './kubeconfig-server.ts';
import { manifestIdentity } from './manifest-identity.ts';
import { nodeAddress } from './node-address.ts';
import { nodeMetrics } from './node-metrics.ts';
import { nodeReady } from './node-ready.ts';
import { nodeSet } from './node-set.ts';
import { podDns } from './pod-dns.ts';
import { podNetwork } from './pod-network.ts';
import { podService } from './pod-service.ts';
import { processIdentity } from './process-identity.ts';
import { proxyUpstreams } from './proxy-upstreams.ts';
import { replicasSpread } from './replicas-spread.ts';
import { servingCertificates } from './serving-certificates.ts';
import { sharedConfig } from './shared-config.ts';
import { superAdmin } from './super-admin.ts';
import type { IdentityInput, VerifyInput, VerifyRule, VerifyTarget } from './verify-input.ts';

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

/** Everything that a verification holds against the world. */
export const verifyRules: readonly VerifyRule[] = [
  apiReadyz,
  nodeSet,
  nodeReady,
  ...identityRules,
  sharedConfig,
  apiEndpoints,
  etcdHealth,
  proxyUpstreams,
  replicasSpread,
  podDns,
  podService,
  podNetwork,
  nodeMetrics,
  certificateExpiry,
];

/** What a host of this role must be asked for a verification. */
export function verifyProbes(target: VerifyTarget): readonly ProbeRequest[] {
  return verifyRules.flatMap((rule) => rule.probes(target));
}

export function verifyFindings(input: VerifyInput): RuleResult {
  return mergeResults(verifyRules.map((rule) => rule.check(input)));
}

/** What a host of this role must be asked for the proof of its identity. */
export function identityProbes(target: VerifyTarget): readonly ProbeRequest[] {
  return identityRules.flatMap((rule) => rule.probes(target));
}

/** The identity proof of one node, as the gate after its join: proven when there is neither a finding nor anything unknown. */
export function identityFindings(nodeName: string, input: IdentityInput): RuleResult {
  const node = input.expected.nodes.find(({ name }) => name === nodeName);
  if (node === undefined) throw new Error(`the cluster file has no node ${nodeName}`);
  return mergeResults(identityRules.map((rule) => rule.checkNode(node, input)));
}
