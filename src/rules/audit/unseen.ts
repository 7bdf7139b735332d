import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Unseen } from '../finding.ts';

/** Everything that rules would have judged and nobody saw: told once, never a pass. */
export function unseenOf({ machines, cluster }: AuditSnapshot): readonly Unseen[] {
  return [...ofCluster(cluster), ...ofMachines({ machines, cluster })];
}

function ofCluster(cluster: AuditSnapshot['cluster']): readonly Unseen[] {
  if (cluster.state !== 'known') return [{ what: 'the cluster: nodes, shared objects, etcd members', why: cluster.why }];
  const { etcdMembers, tokens } = cluster.value;
  return [
    ...(etcdMembers.state === 'known' ? [] : [{ what: 'etcd members', why: etcdMembers.why }]),
    ...(tokens.state === 'known' ? [] : [{ what: 'bootstrap tokens', why: tokens.why }]),
  ];
}

function ofMachines({ machines, cluster }: AuditSnapshot): readonly Unseen[] {
  const seen = machines.flatMap(({ name, facts }): readonly Unseen[] => {
    if (facts.state !== 'known') return [{ node: name, what: 'the machine: processes, files, certificates', why: facts.why }];
    const { kubeletConfig, publicKeys } = facts.value;
    const unread = Object.entries(publicKeys).flatMap(([path, fact]) => (fact.state === 'known' ? [] : [{ node: name, what: `whether ${path} belongs to its certificate`, why: fact.why }]));
    return [...(kubeletConfig.state === 'known' ? [] : [{ node: name, what: "the kubelet's configuration", why: kubeletConfig.why }]), ...byReason(unread)];
  });
  const names = new Set(machines.map(({ name }) => name));
  const missing = cluster.state === 'known' ? Object.keys(cluster.value.nodes).filter((name) => !names.has(name)) : [];
  return [...seen, ...missing.map((name) => ({ node: name, what: 'the machine: processes, files, certificates', why: 'it was not looked at' }))];
}

/** Several things of one machine for one reason as one. */
function byReason(unseen: readonly Unseen[]): readonly Unseen[] {
  const reasons = new Map<string, Unseen>();
  for (const each of unseen) {
    const before = reasons.get(each.why);
    reasons.set(each.why, before === undefined ? each : { ...before, what: `${before.what}, ${each.what}` });
  }
  return [...reasons.values()];
}
