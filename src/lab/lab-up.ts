import { mkdir, statfs } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import { topCgroups } from './cgroups.ts';
import { hostRanges } from './host-routes.ts';
import { addressOf, checkSubnet, chooseSubnet, MAX_CONTROL_PLANES, MAX_LAB_INDEX, MAX_WORKERS, overlapping } from './lab-addresses.ts';
import type { LabRun } from './lab-lock.ts';
import { raiseKernelLimits } from './kernel-limits.ts';
import { withLabLock } from './lab-lock.ts';
import { bridgeName, checkLabName, machineNames, machineOfCgroup } from './lab-names.ts';
import { labPaths, labsDirectory } from './lab-paths.ts';
import { requireLabHost } from './lab-requirements.ts';
import { startMachines } from './lab-start.ts';
import type { LabState } from './lab-state.ts';
import { readLabState, readLabStates, writeLabState } from './lab-state.ts';
import type { LabMachine } from './machine.ts';
import { ensureLabKey, ensureMachineFiles, writeKnownHosts } from './machine-files.ts';
import { checkMountablePath } from './mounts.ts';
import { bridgeNames, ensureBridge } from './network.ts';
import { ensureRootfs } from './rootfs.ts';

export interface LabRequest {
  readonly name: string;
  readonly controlPlanes: number;
  readonly workers: number;
  /** An IPv4 /24; default: the first demo range that nothing here uses. */
  readonly subnet?: string | undefined;
}

/** From linux/magic.h: overlayfs takes no overlayfs as its upper directory. */
const OVERLAYFS_MAGIC = 0x794c7630;

/**
 * Makes what is missing of a lab and starts what is stopped; resolves with all its machines when sshd answers on each. A lab never shrinks by this: machines beyond those
 * asked for stay. Throws `lab-unsupported`, `lab-failed`, `usage`, `refused`, `artifact-failed`, `interrupted`.
 */
export async function labUp(request: LabRequest, run: LabRun): Promise<readonly LabMachine[]> {
  checkRequest(request);
  await requireLabHost();
  await checkStorage(request.name);
  return withLabLock(request.name, run, async () => {
    const lab = await ensureState(request, run);
    await raiseKernelLimits(run);
    await ensureLabKey(lab.name);
    for (const machine of lab.machines) await ensureMachineFiles(lab, machine);
    await writeKnownHosts(lab);
    return startMachines(
      lab,
      lab.machines.map((machine) => machine.name),
      run,
    );
  });
}

function checkRequest({ name, controlPlanes, workers }: LabRequest): void {
  checkLabName(name);
  const isCount = (count: number, most: number): boolean => Number.isInteger(count) && count >= 0 && count <= most;
  if (isCount(controlPlanes, MAX_CONTROL_PLANES) && isCount(workers, MAX_WORKERS) && controlPlanes + workers > 0) return;
  throw new AppError('usage', `a lab of ${controlPlanes} control planes and ${workers} workers cannot be made`, {
    hint: `ask for up to ${MAX_CONTROL_PLANES} control planes and ${MAX_WORKERS} workers`,
  });
}

async function checkStorage(name: string): Promise<void> {
  const directory = labsDirectory();
  checkMountablePath(labPaths(name).directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await statfs(directory)).type !== OVERLAYFS_MAGIC) return;
  throw new AppError('lab-unsupported', `${directory} is on an overlay filesystem, which cannot hold a lab's machines`, {
    hint: 'set XDG_STATE_HOME to a directory on a disk (in a container: on a volume)',
  });
}

/** The lab's state with the machines asked for. Written before anything else is made, so that a killed run leaves nothing that `lab down` does not find. */
async function ensureState(request: LabRequest, run: LabRun): Promise<LabState> {
  const known = await readLabState(request.name);
  if (known && request.subnet !== undefined && request.subnet !== known.subnet)
    throw new AppError('refused', `lab ${known.name} has range ${known.subnet}, not ${request.subnet}`, {
      hint: `leave the range out, or remove the lab with: kubewright lab down --name ${known.name}`,
    });
  const lab = withMachines(known ?? (await newState(request, run)), request);
  await writeLabState(lab);
  return lab;
}

async function newState(request: LabRequest, run: LabRun): Promise<LabState> {
  await refuseForeignRemains(request.name);
  const rootfs = await ensureRootfs(run);
  checkMountablePath(rootfs);
  const others = await readLabStates();
  const taken = [...others.map((other) => other.subnet), ...(await hostRanges())];
  if (request.subnet !== undefined) checkSubnet(request.subnet, taken);
  const usedIndexes = new Set(others.map((other) => other.index));
  const usedBridges = new Set(await bridgeNames());
  for (let index = 0; index <= MAX_LAB_INDEX; index += 1) {
    const subnet = request.subnet ?? chooseSubnet(index, taken);
    if (subnet === undefined || usedIndexes.has(index) || usedBridges.has(bridgeName(index))) continue;
    const lab: LabState = { name: request.name, index, subnet, rootfs, machines: [] };
    await writeLabState(lab);
    if (await ensureBridge(lab)) return lab;
  }
  throw new AppError('lab-failed', 'no range is left for another lab', {
    hint: 'give one with --subnet, such as 10.88.200.0/24',
    details: taken.filter((range) => overlapping('10.88.0.0/13', [range]) !== undefined),
  });
}

/** Machines of this name that run without a state here are of another user's or another directory's lab. */
async function refuseForeignRemains(name: string): Promise<void> {
  const remains = (await topCgroups()).filter((cgroup) => machineOfCgroup(name, cgroup) !== undefined);
  if (remains.length === 0) return;
  throw new AppError('refused', `machines of a lab ${name} are on this host, but not of ${labPaths(name).directory}`, {
    hint: `choose another name, or remove what is left with: kubewright lab down --name ${name}`,
    details: remains,
  });
}

function withMachines(lab: LabState, { controlPlanes, workers }: LabRequest): LabState {
  const present = new Set(lab.machines.map((machine) => machine.name));
  const added = machineNames(controlPlanes, workers).filter((machine) => !present.has(machine.name));
  return { ...lab, machines: [...lab.machines, ...added.map((machine) => ({ name: machine.name, role: machine.role, address: addressOf(lab.subnet, machine) }))] };
}
