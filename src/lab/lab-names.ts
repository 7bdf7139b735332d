import { AppError } from '../errors/app-error.ts';

export type LabRole = 'control-plane' | 'worker';

/** A machine of a lab by name. */
export interface MachineRef {
  readonly lab: string;
  readonly name: string;
}

export interface MachineName {
  readonly name: string;
  readonly role: LabRole;
  /** Counts from 1 within the role. */
  readonly number: number;
}

const LAB_NAME = /^[a-z][a-z0-9-]{0,29}[a-z0-9]$/;
const CGROUP_PREFIX = 'kubewright-lab-';

/** Throws `usage` when a lab may not be called so: the name stands in cgroups, paths and the cluster's name. */
export function checkLabName(name: string): void {
  if (LAB_NAME.test(name)) return;
  throw new AppError('usage', `${JSON.stringify(name)} is no name for a lab`, { hint: 'use 2 to 31 lower-case letters, digits and hyphens, a letter first' });
}

/** `cp-1`..`cp-N` and `w-1`..`w-N`. */
export function machineNames(controlPlanes: number, workers: number): readonly MachineName[] {
  return [...numbered('cp', 'control-plane', controlPlanes), ...numbered('w', 'worker', workers)];
}

function numbered(prefix: string, role: LabRole, count: number): readonly MachineName[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${prefix}-${index + 1}`, role, number: index + 1 }));
}

/** The machine's own cgroup, the same name in every hierarchy. A machine's name has two parts, so no two labs share one. */
export function cgroupName(machine: MachineRef): string {
  return `${CGROUP_PREFIX}${machine.lab}-${machine.name}`;
}

/** Name of the machine if `cgroup` is one of this lab's, else undefined. */
export function machineOfCgroup(lab: string, cgroup: string): string | undefined {
  const prefix = `${CGROUP_PREFIX}${lab}-`;
  const name = cgroup.startsWith(prefix) ? cgroup.slice(prefix.length) : '';
  return /^(cp|w)-\d+$/.test(name) ? name : undefined;
}

/** Bridge of the lab with this index. Interface names end at 15 characters, so the lab's name is in the link's alias instead. */
export function bridgeName(index: number): string {
  return `kw${index}-br`;
}

/** Marks a bridge as this lab's. */
export function bridgeAlias(lab: string): string {
  return `${CGROUP_PREFIX}${lab}`;
}

/** What systemd-nspawn calls the machine: it names the host's end of the link after it, so it is kept short. */
export function nspawnName(index: number, machine: string): string {
  return `kw${index}-${machine}`;
}

/** The host's end of the machine's link, as `systemd-nspawn --network-bridge` names it. */
export function linkName(index: number, machine: string): string {
  return `vb-${nspawnName(index, machine)}`;
}
