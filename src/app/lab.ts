import type { LabListJson } from '../contract/lab-list.ts';
import { labListJson } from '../contract/lab-list.ts';
import { AppError } from '../errors/app-error.ts';
import { labClusterFile } from '../lab/lab-cluster-file.ts';
import { labCut } from '../lab/lab-cut.ts';
import { labDown } from '../lab/lab-down.ts';
import { labHeal, labPartition } from '../lab/lab-partition.ts';
import { labList } from '../lab/lab-list.ts';
import type { LabRun } from '../lab/lab-lock.ts';
import { labRestore } from '../lab/lab-restore.ts';
import { labSave } from '../lab/lab-save.ts';
import { labSsh } from '../lab/lab-ssh.ts';
import { labStart } from '../lab/lab-start.ts';
import { labStop } from '../lab/lab-stop.ts';
import type { LabRequest } from '../lab/lab-up.ts';
import { labUp } from '../lab/lab-up.ts';
import type { LabMachine } from '../lab/machine.ts';
import { findMachine } from '../lab/machine.ts';

/** What a lab verb that takes its time is given. */
export interface LabContext {
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** A machine as people name it: `cp-1`, `demo/cp-1`, or `cp-1` beside the lab's name. */
export interface MachineChoice {
  readonly machine: string;
  readonly lab?: string | undefined;
}

/** Makes or completes a lab and starts its machines. */
export async function upLab(request: LabRequest, context: LabContext): Promise<LabListJson> {
  return toJson(await labUp(request, runOf(context)));
}

/** Removes a lab with everything in it; gives the list of its machines, which is empty. */
export async function downLab(name: string, context: LabContext): Promise<LabListJson> {
  await labDown(name, runOf(context));
  return toJson([]);
}

/** Machines of one lab or of all. */
export async function listLabs(name?: string): Promise<LabListJson> {
  return toJson(await labList(name));
}

/** The text of a cluster file for a lab. */
export async function clusterFileOfLab(name: string): Promise<string> {
  return labClusterFile(name);
}

/** A shell or a command on a machine, on this terminal; gives its exit code. Throws `refused` when the machine is stopped. */
export async function sshToMachine(choice: MachineChoice, argv: readonly string[]): Promise<number> {
  const machine = await chosen(choice);
  if (machine.state === 'stopped') {
    const { lab, name } = machine;
    throw new AppError('refused', `machine ${name} of lab ${lab} is stopped`, { hint: `start it with: kubewright lab start --name ${lab} ${name}` });
  }
  return labSsh(machine, argv);
}

export async function startMachine(choice: MachineChoice, context: LabContext): Promise<LabListJson> {
  return toJson([await labStart(await chosen(choice), runOf(context))]);
}

/** Orderly, as by its power button. */
export async function stopMachine(choice: MachineChoice, context: LabContext): Promise<LabListJson> {
  return afterwards(choice, (machine) => labStop(machine, runOf(context)));
}

/** At once, as by a power cut. */
export async function cutMachine(choice: MachineChoice, context: LabContext): Promise<LabListJson> {
  return afterwards(choice, (machine) => labCut(machine, runOf(context)));
}

/** Off the network, with everything on it going on: nobody reaches it, and it reaches nobody. */
export async function partitionMachine(choice: MachineChoice, context: LabContext): Promise<LabListJson> {
  return afterwards(choice, (machine) => labPartition(machine, runOf(context)));
}

/** Back on the network. */
export async function healMachine(choice: MachineChoice, context: LabContext): Promise<LabListJson> {
  return afterwards(choice, (machine) => labHeal(machine, runOf(context)));
}

export async function saveLab(name: string, context: LabContext): Promise<LabListJson> {
  return toJson(await labSave(name, runOf(context)));
}

export async function restoreLab(name: string, context: LabContext): Promise<LabListJson> {
  return toJson(await labRestore(name, runOf(context)));
}

async function afterwards(choice: MachineChoice, change: (machine: LabMachine) => Promise<void>): Promise<LabListJson> {
  const machine = await chosen(choice);
  await change(machine);
  return toJson([await findMachine(`${machine.lab}/${machine.name}`)]);
}

async function chosen({ machine, lab }: MachineChoice): Promise<LabMachine> {
  if (lab === undefined) return findMachine(machine);
  if (!machine.includes('/')) return findMachine(`${lab}/${machine}`);
  if (machine.startsWith(`${lab}/`)) return findMachine(machine);
  throw new AppError('usage', `machine ${machine} is not of lab ${lab}`, { hint: 'name the lab once: as --name LAB, or as LAB/MACHINE' });
}

function runOf({ signal, onProgress }: LabContext): LabRun {
  return { signal, onProgress: ({ machine, message }) => onProgress(machine === undefined ? message : `${machine}: ${message}`) };
}

function toJson(machines: readonly LabMachine[]): LabListJson {
  return labListJson(machines.map(({ lab, name, address, pid, state }) => ({ lab, name, address, pid: pid ?? null, state })));
}
