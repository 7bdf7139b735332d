import { AppError } from '../errors/app-error.ts';
import type { LabRun } from './lab-lock.ts';
import { withLabLock } from './lab-lock.ts';
import { bridgeName, linkName } from './lab-names.ts';
import { requireLabHost } from './lab-requirements.ts';
import { requireLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { attachLink, detachLink } from './network.ts';

/** Takes a running machine off the network. Its link stays up: it sees silence, not a pulled cable. Throws `refused` when it is stopped. */
export async function labPartition(machine: LabMachine, run: LabRun): Promise<void> {
  await onLink(machine, run, (link) => detachLink(link));
}

/** Puts it back; one that was never taken off is left as it is. Throws `refused` when it is stopped. */
export async function labHeal(machine: LabMachine, run: LabRun): Promise<void> {
  await onLink(machine, run, (link, bridge) => attachLink(link, bridge));
}

async function onLink({ lab, name, state }: LabMachine, run: LabRun, change: (link: string, bridge: string) => Promise<void>): Promise<void> {
  await requireLabHost();
  if (state === 'stopped') {
    throw new AppError('refused', `machine ${name} of lab ${lab} is stopped: it has no link`, { hint: `start it with: kubewright lab start --name ${lab} ${name}` });
  }
  await withLabLock(lab, run, async () => {
    const { index } = await requireLabState(lab);
    await change(linkName(index, name), bridgeName(index));
  });
}
