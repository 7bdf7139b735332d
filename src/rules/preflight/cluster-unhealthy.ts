import { standingOf } from '../../facts/standing.ts';
import type { Verdict } from '../rule.ts';
import type { PreflightView } from './preflight-input.ts';
import { definePreflightRule } from './preflight-rule.ts';

export const clusterUnhealthy = definePreflightRule({
  code: 'cluster-unhealthy',
  severity: 'notice',
  title: 'the cluster that nodes are to join is not healthy',
  why: 'control planes join only when every member of etcd votes and is healthy, and the run waits for that; what is broken already is easily taken for the fault of what joins',
  fix: 'read kubectl get nodes and etcdctl endpoint health --cluster, mend what is down, then run the command again',
  judge: (view) => {
    const fresh = view.fresh;
    if (fresh.length === 0) return [];
    return [...(fresh.some(({ node }) => node.role === 'control-plane') ? sickMembers(view) : []), ...sickNodes(view)];
  },
});

/** Of nodes that have joined: a member whose join was cut off is repaired first. */
function sickMembers({ nodes, snapshot }: PreflightView): readonly Verdict[] {
  if (snapshot.cluster.state !== 'known') return [];
  const { etcdMembers } = snapshot.cluster.value;
  if (etcdMembers.state !== 'known') return [{ what: 'members of etcd', why: etcdMembers.why }];
  const joined = new Set(nodes.filter((node) => standingOf(node, snapshot) !== 'new').map(({ name }) => name));
  const sick = etcdMembers.value.filter(({ name, isHealthy, isLearner }) => joined.has(name) && !isHealthy && !isLearner);
  return sick.map(({ name }) => ({ node: name, evidence: [`its member of etcd is not healthy, and ${etcdMembers.value.length} are members`] }));
}

function sickNodes({ snapshot }: PreflightView): readonly Verdict[] {
  if (snapshot.cluster.state !== 'known') return [];
  const sick = Object.values(snapshot.cluster.value.nodes).filter(({ isReady }) => !isReady);
  return sick.map(({ name }) => ({ node: name, title: 'the node is not Ready', evidence: ['its condition Ready is not True'] }));
}
