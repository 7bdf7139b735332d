import type { ClusterScoped } from '../../model/scope.ts';
import { clusterScoped } from '../../model/cluster-scoped.ts';
import type { HostFacts } from '../host-facts.ts';

/** The kernel setting that kube-proxy writes at its start and without which it does not start. */
export const CONNTRACK_SYSCTL = 'net.netfilter.nf_conntrack_max';

export interface ConntrackDecision {
  /** kube-proxy leaves the kernel's table as it is. */
  readonly leaveAlone: ClusterScoped<true> | ClusterScoped<false>;
  readonly why: string;
}

/** One answer for the cluster from all nodes' facts, whatever their order: one kube-proxy configuration serves them all. */
export function decideConntrack(hosts: readonly HostFacts[]): ConntrackDecision {
  const lacking = hosts.filter(({ sysctls, platform }) => platform.container !== 'none' || sysctls[CONNTRACK_SYSCTL] === undefined).length;
  if (lacking === 0) return { leaveAlone: clusterScoped(false), why: 'every node lets kube-proxy size its connection table' };
  return { leaveAlone: clusterScoped(true), why: `${lacking} of ${hosts.length} nodes cannot size their connection table (no ${CONNTRACK_SYSCTL}, or a container)` };
}
