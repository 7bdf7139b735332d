import type { AuditedMachine } from '../../facts/audit/audit-snapshot.ts';
import { hostOfServer } from '../../facts/audit/addresses.ts';
import type { Component } from '../../facts/audit/components.ts';
import { componentOf } from '../../facts/audit/components.ts';
import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import { addressesOfMachine } from '../../facts/audit/machines-of-cluster.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import type { NodeFact } from '../../facts/cluster-facts.ts';

/** One machine of the cluster: what its node object says, and what was seen on it. */
export interface Machine {
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly node: NodeFact | undefined;
  /** Undefined where it could not be looked at. */
  readonly facts: MachineFacts | undefined;
  /** Why it could not be looked at; empty where it was. */
  readonly unseen: string;
  /** Addresses that are this machine's and no other's. */
  readonly addresses: readonly string[];
}

export function machineOf(name: string, node: NodeFact | undefined, audited: AuditedMachine | undefined): Machine {
  const facts = audited?.facts.state === 'known' ? audited.facts.value : undefined;
  const floating = new Set(facts?.interfaces.flatMap((each) => each.floating) ?? []);
  const own =
    facts === undefined
      ? (node?.internalIPs ?? [audited?.address ?? ''])
      : addressesOfMachine(facts).filter((address) => !floating.has(address) || node?.internalIPs.includes(address) === true);
  const isControlPlane = node?.isControlPlane === true || (facts !== undefined && componentOf(facts, 'kube-apiserver') !== undefined);
  return { name, node, facts, addresses: own, isControlPlane, unseen: whyUnseen(audited) };
}

function whyUnseen(audited: AuditedMachine | undefined): string {
  if (audited === undefined) return 'it was not looked at';
  return audited.facts.state === 'known' ? '' : audited.facts.why;
}

/** Whether a machine is a node of the cluster; an etcd host of its own, or another that was named to be looked at, is none. */
export function isNode({ node, isControlPlane }: Machine): boolean {
  return node !== undefined || isControlPlane;
}

/** A component of a machine, where the machine could be looked at and has it. */
export function componentOn({ facts }: Machine, name: ComponentName): Component | undefined {
  return facts && componentOf(facts, name);
}

/** Machines that were looked at, with their facts. */
export function seenMachines({ machines }: { readonly machines: readonly Machine[] }): readonly (Machine & { readonly facts: MachineFacts })[] {
  return machines.filter((machine): machine is Machine & { readonly facts: MachineFacts } => machine.facts !== undefined);
}

/** The address by which the others know the machine. */
function mainAddress({ node, addresses }: Machine): string {
  return node?.internalIPs.find((address) => addresses.includes(address)) ?? addresses[0] ?? '';
}

/** A control plane's own address, or why it cannot be told. */
export type OwnAddress = { readonly state: 'told'; readonly address: string } | { readonly state: 'disputed'; readonly why: string };

/**
 * The address that the API server of a machine is to advertise: what kubeadm noted in its manifest, if the machine has it; without a note, by which the others know the machine. A note of an address that the machine
 * has not (a manifest of another machine, an address that was changed) leaves open which of the two is wrong.
 */
export function apiAddress(machine: Machine): OwnAddress {
  const noted = hostOfServer(componentOn(machine, 'kube-apiserver')?.manifest?.advertisedEndpoint ?? '');
  const known = mainAddress(machine);
  if (noted !== '') {
    if (machine.addresses.includes(noted)) return { state: 'told', address: noted };
    return { state: 'disputed', why: `the manifest of its API server calls ${noted} its own address, which it is not${known === '' ? '' : `; its node is known by ${known}`}` };
  }
  return known === '' ? { state: 'disputed', why: 'no address of it is known' } : { state: 'told', address: known };
}

/** Where the API server of a machine is reached, whatever it advertises. */
export function apiServerAddress(machine: Machine): string {
  const own = apiAddress(machine);
  return own.state === 'told' ? own.address : mainAddress(machine);
}
