import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { RuleResult } from '../finding.ts';
import { mergeResults } from '../rule.ts';
import { apiEndpoints } from './api-endpoints.ts';
import { apiReadyz } from './api-readyz.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { etcdHealth } from './etcd-health.ts';
import { identityRules } from './identity.ts';
import { nodeMetrics } from './node-metrics.ts';
import { nodeReady } from './node-ready.ts';
import { nodeSet } from './node-set.ts';
import { podDns } from './pod-dns.ts';
import { podNetwork } from './pod-network.ts';
import { podService } from './pod-service.ts';
import { proxyUpstreams } from './proxy-upstreams.ts';
import { replicasSpread } from './replicas-spread.ts';
import { sharedConfig } from './shared-config.ts';
import type { VerifyInput, VerifyRule, VerifyTarget } from './verify-input.ts';

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
