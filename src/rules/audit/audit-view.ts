import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import type { Departed, Present } from './departed.ts';
import { departedOf } from './departed.ts';
import type { Machine } from './machine.ts';
import { machineOf } from './machine.ts';
import type { SharedDocument } from './shared-documents.ts';
import { sharedDocuments } from './shared-documents.ts';

/** What the rules judge. */
export interface AuditView {
  readonly machines: readonly Machine[];
  readonly controlPlanes: readonly Machine[];
  readonly cluster: ClusterView | undefined;
  /** Undefined where etcd did not answer. */
  readonly members: readonly EtcdMemberFact[] | undefined;
  /** Texts that all nodes share, taken apart. */
  readonly shared: readonly SharedDocument[];
  /** What was of this cluster and is not. */
  readonly departed: Departed;
  readonly now: Date;
}

export function auditView({ machines: audited, cluster: fact }: AuditSnapshot, now: Date): AuditView {
  const cluster = fact.state === 'known' ? fact.value : undefined;
  const names = new Set([...Object.keys(cluster?.nodes ?? {}), ...audited.map(({ name }) => name)]);
  const machines = [...names].sort().map((name) =>
    machineOf(
      name,
      cluster?.nodes[name],
      audited.find((machine) => machine.name === name),
    ),
  );
  const known: Present = {
    machines,
    controlPlanes: machines.filter(({ isControlPlane }) => isControlPlane),
    cluster,
    members: cluster?.etcdMembers.state === 'known' ? cluster.etcdMembers.value : undefined,
    shared: sharedDocuments(cluster),
  };
  return { ...known, departed: departedOf(known), now };
}
