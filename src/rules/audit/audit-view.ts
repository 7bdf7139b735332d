import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Departed } from './departed.ts';
import { departedOf } from './departed.ts';
import { machineOf } from './machine.ts';
import type { Present } from './present.ts';
import { sharedDocuments } from './shared-documents.ts';

/** What the rules judge. */
export interface AuditView extends Present {
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
