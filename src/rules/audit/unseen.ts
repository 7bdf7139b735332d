import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Observed } from '../../facts/observed.ts';
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
    return [...(kubeletConfig.state === 'known' ? [] : [{ node: name, what: "the kubelet's configuration", why: kubeletConfig.why }]), ...unreadKeys(name, publicKeys)];
  });
  const names = new Set(machines.map(({ name }) => name));
  const missing = cluster.state === 'known' ? Object.keys(cluster.value.nodes).filter((name) => !names.has(name)) : [];
  return [...seen, ...missing.map((name) => ({ node: name, what: 'the machine: processes, files, certificates', why: 'it was not looked at' }))];
}

/** Keys of which no digest came, those with one reason as one. */
function unreadKeys(node: string, publicKeys: Readonly<Record<string, Observed<string>>>): readonly Unseen[] {
  const reasons = new Map<string, string[]>();
  for (const [path, fact] of Object.entries(publicKeys)) if (fact.state !== 'known') reasons.set(fact.why, [...(reasons.get(fact.why) ?? []), path]);
  return [...reasons].map(([why, paths]) => ({ node, what: `whether keys belong to their certificates: ${paths.join(', ')}`, why }));
}
