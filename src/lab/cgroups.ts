import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { Hierarchy } from './cgroup-hierarchies.ts';
import { freezerOf, isUnified, readHierarchies } from './cgroup-hierarchies.ts';
import { isMissing } from './lab-state.ts';
import { waitUntil } from './wait-until.ts';

const REMOVE_TIMEOUT_MS = 20_000;
const FREEZE_TIMEOUT_MS = 20_000;
/** Controllers a machine with Kubernetes needs handed down on cgroup v2. */
const V2_CONTROLLERS = ['cpu', 'cpuset', 'io', 'memory', 'pids', 'hugetlb'] as const;

/**
 * Makes the cgroup in every hierarchy and gives their directories. The machine's first process must enter all of them before it becomes systemd-nspawn: only then is the
 * machine's cgroup namespace its own, and kubelets do not see each other's pods.
 */
export async function ensureCgroup(name: string): Promise<readonly string[]> {
  const hierarchies = await readHierarchies();
  if (hierarchies.length === 0)
    throw new AppError('lab-unsupported', 'no cgroup hierarchy is mounted on this machine', {
      hint: 'mount cgroups (any host with systemd has them), or use machines of your own',
    });
  if (isUnified(hierarchies)) await Promise.all(hierarchies.map(handDownControllers));
  return Promise.all(hierarchies.map((hierarchy) => ensureIn(hierarchy, name)));
}

async function ensureIn(hierarchy: Hierarchy, name: string): Promise<string> {
  const directory = join(hierarchy.mountPoint, name);
  await mkdir(directory, { recursive: true });
  if (hierarchy.controllers.includes('cpuset')) await fillCpuset(hierarchy.mountPoint, directory);
  return directory;
}

/** A v1 cpuset starts empty and takes no process then; its children, the machine's pods, are to be filled by the kernel. */
async function fillCpuset(parent: string, directory: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) await writeFile(join(directory, file), await readFile(join(parent, file), 'utf8'));
  await writeFile(join(directory, 'cgroup.clone_children'), '1');
}

/** A machine gets those controllers alone that the top hands down. Untested so far: written for hosts of pure cgroup v2, tried on hybrid ones only, where nothing is handed down. */
async function handDownControllers(hierarchy: Hierarchy): Promise<void> {
  const available = (await readFile(join(hierarchy.mountPoint, 'cgroup.controllers'), 'utf8')).trim().split(' ');
  const wanted = V2_CONTROLLERS.filter((controller) => available.includes(controller));
  if (wanted.length > 0) await writeFile(join(hierarchy.mountPoint, 'cgroup.subtree_control'), wanted.map((controller) => `+${controller}`).join(' '));
}

/** Ids of all processes in the cgroup's tree, over all hierarchies; empty when there is no such cgroup. */
export async function processesOf(name: string): Promise<readonly number[]> {
  const lists = await Promise.all((await readHierarchies()).map((hierarchy) => processesUnder(join(hierarchy.mountPoint, name))));
  return [...new Set(lists.flat())];
}

async function processesUnder(directory: string): Promise<readonly number[]> {
  const own = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(textIfGone);
  const below = await Promise.all((await childrenOf(directory)).map(processesUnder));
  return [
    ...own
      .split('\n')
      .filter((line) => line !== '' && line !== '0')
      .map(Number),
    ...below.flat(),
  ];
}

/**
 * Holds every process in the cgroup's tree where it is, or lets all of them go on. Resolves when it is so; fine when there is no such cgroup.
 */
export async function setFrozen(name: string, isFrozen: boolean, signal?: AbortSignal): Promise<void> {
  const freezer = freezerOf(await readHierarchies(), name);
  if (freezer === undefined) throw new AppError('lab-unsupported', 'no cgroup hierarchy of this machine can freeze processes');
  const written = await writeFile(freezer.switch, isFrozen ? freezer.on : freezer.off, { flag: 'r+' }).then(
    () => true,
    (cause: unknown) => {
      if (isGone(cause)) return false;
      throw cause;
    },
  );
  if (!written) return;
  const state = async (): Promise<string> => readFile(freezer.state, 'utf8').catch(textIfGone);
  await waitUntil(async () => freezer.isFrozen(await state()) === isFrozen, {
    what: `the processes of cgroup ${name} to be ${isFrozen ? 'held' : 'let go on'}`,
    deadlineMs: FREEZE_TIMEOUT_MS,
    signal,
    details: async () => [await state()],
  });
}

/** Names of the cgroups at the top of any hierarchy. */
export async function topCgroups(): Promise<readonly string[]> {
  const lists = await Promise.all((await readHierarchies()).map(async (hierarchy) => (await readdir(hierarchy.mountPoint, { withFileTypes: true })).filter(isDirectory)));
  return [...new Set(lists.flat().map((entry) => entry.name))];
}

/**
 * Removes the cgroup's tree from every hierarchy; its processes must be gone. What is left of dead containers would hold up the kubelet of the next start for
 * minutes (in cAdvisor, before any static pod).
 */
export async function removeCgroup(name: string, signal?: AbortSignal): Promise<void> {
  await waitUntil(async () => (await removeFromAll(name)).length === 0, {
    what: `cgroup ${name} to be removed`,
    deadlineMs: REMOVE_TIMEOUT_MS,
    signal,
    details: () => removeFromAll(name),
  });
}

async function removeFromAll(name: string): Promise<readonly string[]> {
  const left = await Promise.all((await readHierarchies()).map((hierarchy) => removeTree(join(hierarchy.mountPoint, name))));
  return left.flat();
}

/** Gives what could not be removed yet: the kernel keeps a cgroup busy for a moment after its last process. */
async function removeTree(directory: string): Promise<readonly string[]> {
  const left = await Promise.all((await childrenOf(directory)).map(removeTree));
  if (left.flat().length > 0) return left.flat();
  return rmdir(directory).then(
    () => [],
    (cause: NodeJS.ErrnoException) => (isMissing(cause) ? [] : [`${directory}: ${cause.message}`]),
  );
}

async function childrenOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(noneIfGone);
  return entries.filter(isDirectory).map((entry) => join(directory, entry.name));
}

function isDirectory(entry: Dirent): boolean {
  return entry.isDirectory();
}

/** A cgroup may vanish while it is read: ENODEV is what its files then answer. */
function isGone(cause: unknown): boolean {
  return isMissing(cause) || (cause as NodeJS.ErrnoException).code === 'ENODEV';
}

function textIfGone(cause: unknown): string {
  if (isGone(cause)) return '';
  throw cause;
}

function noneIfGone(cause: unknown): Dirent[] {
  if (isGone(cause)) return [];
  throw cause;
}
