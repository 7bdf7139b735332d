import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import { labPaths, machinePathsIn } from './lab-paths.ts';
import type { LabState } from './lab-state.ts';
import { isMissing } from './lab-state.ts';

/** A lab at the moment it was saved. The machines' files lie beside. */
export interface SavedLab {
  readonly lab: LabState;
  /** Machines that ran then. */
  readonly running: readonly string[];
}

/** Keeps the machines' files; none of them may be written to meanwhile. A saving that is cut short leaves the former one in force. */
export async function writeSaved(saved: SavedLab, signal: AbortSignal): Promise<void> {
  const paths = labPaths(saved.lab.name);
  const draft = `${paths.saved}.new`;
  await removeTree(draft);
  await mkdir(join(draft, 'machines'), { recursive: true, mode: 0o700 });
  await Promise.all(saved.lab.machines.map(({ name }) => copyMachine(join(paths.machines, name), join(draft, 'machines', name), signal)));
  await writeFile(join(draft, 'saved.json'), `${JSON.stringify(saved, undefined, 2)}\n`);
  await replaceTree(paths.saved, draft);
}

/** Throws `usage` when the lab was never saved. */
export async function readSaved(lab: string): Promise<SavedLab> {
  const file = join(labPaths(lab).saved, 'saved.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SavedLab;
  } catch (cause) {
    if (!isMissing(cause)) throw new AppError('lab-failed', `${file} cannot be read`, { cause });
    throw new AppError('usage', `lab ${lab} was never saved`, { hint: `save it with: kubewright lab save --name ${lab}` });
  }
}

/** Puts the saved files in the place of the machines' own; all machines must have stopped. */
export async function putSavedBack(lab: string, signal: AbortSignal): Promise<void> {
  const { saved, machines } = labPaths(lab);
  const { lab: state } = await readSaved(lab);
  const draft = `${machines}.new`;
  await removeTree(draft);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await Promise.all(state.machines.map(({ name }) => copyMachine(join(saved, 'machines', name), join(draft, name), signal)));
  await replaceTree(machines, draft);
}

/** What a machine wrote: its layer over the root filesystem and what lies beside it. Whiteouts and their attributes are kept. */
async function copyMachine(from: string, to: string, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o755 });
  const { upper, data } = machinePathsIn(from);
  await runProgram('cp', ['-a', '--reflink=auto', upper, data, to], { signal });
}

async function replaceTree(place: string, draft: string): Promise<void> {
  const old = `${place}.old`;
  await removeTree(old);
  if (await exists(place)) await rename(place, old);
  await rename(draft, place);
  await removeTree(old);
}

async function removeTree(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
