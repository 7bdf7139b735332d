import { checkLabName } from './lab-names.ts';
import type { LabState } from './lab-state.ts';
import { readLabStates, requireLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { observeMachine } from './machine.ts';

/** Machines of all labs of this user, or of one, as they are now. */
export async function labList(name?: string): Promise<readonly LabMachine[]> {
  if (name !== undefined) checkLabName(name);
  const labs = name === undefined ? await readLabStates() : [await requireLabState(name)];
  return (await Promise.all(labs.map(machinesOf))).flat();
}

async function machinesOf(lab: LabState): Promise<readonly LabMachine[]> {
  return Promise.all(lab.machines.map((machine) => observeMachine(lab.name, machine)));
}
