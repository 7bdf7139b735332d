import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import { processesOf } from './cgroups.ts';
import type { LabRole, MachineRef } from './lab-names.ts';
import { cgroupName } from './lab-names.ts';
import type { LabMachineState } from './lab-state.ts';
import { readLabStates } from './lab-state.ts';
import { machinePaths } from './lab-paths.ts';

/** A machine of a lab as it is now. */
export interface LabMachine extends MachineRef {
  readonly address: string;
  readonly role: LabRole;
  /** The machine's init as this host sees it; undefined while it has none. */
  readonly pid: number | undefined;
  /** `running` as soon as any process of it is there. */
  readonly state: 'running' | 'stopped';
}

/** What runs of one machine. */
export interface MachineProcesses {
  readonly all: readonly number[];
  /** systemd-nspawn itself. */
  readonly supervisor: number | undefined;
  readonly init: number | undefined;
}

const CONSOLE_LINES = 20;

export async function observeMachine(lab: string, machine: LabMachineState): Promise<LabMachine> {
  const { all, init } = await machineProcesses({ lab, name: machine.name });
  return { lab, ...machine, pid: init, state: all.length > 0 ? 'running' : 'stopped' };
}

/** Processes of the machine, known by its cgroup alone. */
export async function machineProcesses(machine: MachineRef): Promise<MachineProcesses> {
  const all = await processesOf(cgroupName(machine));
  const statuses = await Promise.all(all.map(async (pid) => ({ pid, ...parseStatus(await readStatus(pid)) })));
  return {
    all,
    supervisor: statuses.find((status) => status.name === 'systemd-nspawn' && status.innerPids.length === 0)?.pid,
    init: statuses.find((status) => status.innerPids.join() === '1')?.pid,
  };
}

/** Name and the ids a process has in pid namespaces below ours, from `/proc/PID/status`: a machine's init has one, 1; a process of its pods has more. */
export function parseStatus(status: string): { readonly name: string; readonly innerPids: readonly string[] } {
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  return { name: field('Name'), innerPids: field('NSpid').split(/\s+/).slice(1) };
}

async function readStatus(pid: number): Promise<string> {
  // It may end between listing and reading.
  return readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
}

/** Finds `cp-1` or `demo/cp-1`; throws `usage` when no lab or more than one has such a machine. */
export async function findMachine(reference: string): Promise<LabMachine> {
  const [name = '', lab] = reference.split('/').reverse();
  const states = (await readLabStates()).filter((state) => lab === undefined || state.name === lab);
  const found = states.flatMap((state) => state.machines.filter((machine) => machine.name === name).map((machine) => ({ lab: state.name, machine })));
  const [only, another] = found;
  if (!only) throw new AppError('usage', `there is no lab machine ${reference}`, { hint: 'see kubewright lab list' });
  if (another) throw new AppError('usage', `several labs have a machine ${name}`, { hint: `say which: ${found.map((each) => `${each.lab}/${name}`).join(', ')}` });
  return observeMachine(only.lab, only.machine);
}

/** The last lines a machine's console printed: what to look at when it does not come up. */
export async function consoleTail(machine: MachineRef): Promise<readonly string[]> {
  const { consoleLog } = machinePaths(machine.lab, machine.name);
  const text = await readFile(consoleLog, 'utf8').catch(() => '');
  const lines = stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '');
  return [`console log: ${consoleLog}`, ...lines.slice(-CONSOLE_LINES)];
}
