import { addressesOfMachine } from '../../facts/audit/machines-of-cluster.ts';
import type { AuditSnapshot, AuditedMachine } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import type { Component } from '../../facts/audit/components.ts';
import { componentOf } from '../../facts/audit/components.ts';
import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import type { EtcdMemberFact, NodeFact } from '../../facts/cluster-facts.ts';
import type { SharedDocument } from './shared-documents.ts';
import { sharedDocuments } from './shared-documents.ts';

/** One machine of the cluster: what its node object says, and what was seen on it. */
export interface Machine {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly node: NodeFact | undefined;
  /** Undefined where it could not be looked at. */
  readonly facts: MachineFacts | undefined;
  /** Addresses that are this machine's and no other's. */
  readonly addresses: readonly string[];
}

/** What the rules judge. */
export interface AuditView {
  readonly machines: readonly Machine[];
  readonly controlPlanes: readonly Machine[];
  readonly cluster: ClusterView | undefined;
  /** Undefined where etcd did not answer. */
  readonly members: readonly EtcdMemberFact[] | undefined;
  /** Texts that all nodes share, taken apart. */
  readonly shared: readonly SharedDocument[];
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
  return {
    machines,
    controlPlanes: machines.filter(({ isControlPlane }) => isControlPlane),
    cluster,
    members: cluster?.etcdMembers.state === 'known' ? cluster.etcdMembers.value : undefined,
    shared: sharedDocuments(cluster),
    now,
  };
}

function machineOf(name: string, node: NodeFact | undefined, audited: AuditedMachine | undefined): Machine {
  const facts = audited?.facts.state === 'known' ? audited.facts.value : undefined;
  const floating = new Set(facts?.interfaces.flatMap((each) => each.floating) ?? []);
  const own = facts === undefined ? (node?.internalIPs ?? [audited?.address ?? '']) : addressesOfMachine(facts).filter((address) => !floating.has(address) || node?.internalIPs.includes(address) === true);
  return { name, node, facts, addresses: own, isControlPlane: node?.isControlPlane === true || (facts !== undefined && componentOf(facts, 'kube-apiserver') !== undefined) };
}

/** A component of a machine, where the machine could be looked at and has it. */
export function componentOn({ facts }: Machine, name: ComponentName): Component | undefined {
  return facts && componentOf(facts, name);
}

/** Machines that were looked at, with their facts. */
export function seenMachines({ machines }: Pick<AuditView, 'machines'>): readonly (Machine & { readonly facts: MachineFacts })[] {
  return machines.filter((machine): machine is Machine & { readonly facts: MachineFacts } => machine.facts !== undefined);
}

/** The address by which the others know the machine. */
export function mainAddress({ node, addresses }: Machine): string {
  return node?.internalIPs.find((address) => addresses.includes(address)) ?? addresses[0] ?? '';
}
