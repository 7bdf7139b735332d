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
  const names = cluster.state === 'known' ? Object.keys(cluster.value.nodes) : machines.map(({ name }) => name);
  const seen = machines.flatMap(({ name, facts }): readonly Unseen[] => {
    if (facts.state !== 'known') return [{ node: name, what: 'the machine: processes, files, certificates', why: facts.why }];
    const { kubeletConfig, publicKeys, files } = facts.value;
    // That a key is not there is known, and a finding.
    const unread = Object.entries(publicKeys).filter(([path]) => files[path]?.type !== 'absent');
    const hasKubelet = names.includes(name) || facts.value.processes.some(({ component }) => component === 'kubelet');
    return [...(kubeletConfig.state === 'known' || !hasKubelet ? [] : [{ node: name, what: "the kubelet's configuration", why: kubeletConfig.why }]), ...unreadKeys(name, unread)];
  });
  const missing = names.filter((name) => !machines.some((machine) => machine.name === name));
  return [...seen, ...missing.map((name) => ({ node: name, what: 'the machine: processes, files, certificates', why: 'it was not looked at' }))];
}

/** Keys of which no digest came, those with one reason as one. */
function unreadKeys(node: string, keys: readonly (readonly [path: string, fact: Observed<string>])[]): readonly Unseen[] {
  const reasons = new Map<string, string[]>();
  for (const [path, fact] of keys) if (fact.state !== 'known') reasons.set(fact.why, [...(reasons.get(fact.why) ?? []), path]);
  return [...reasons].map(([why, paths]) => ({ node, what: `whether keys belong to their certificates: ${paths.join(', ')}`, why }));
}
