import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { LabRole } from './lab-names.ts';
import { labPaths, labsDirectory } from './lab-paths.ts';

export interface LabMachineState {
  readonly name: string;
  readonly role: LabRole;
  readonly address: string;
}

/** What `lab.json` holds: what a lab is, not whether it runs. */
export interface LabState {
  readonly name: string;
  /** Of the lab's bridge and links; no two labs of a host share one. */
  readonly index: number;
  readonly subnet: string;
  /** The root filesystem under all machines; a lab keeps the one it was made with. */
  readonly rootfs: string;
  readonly machines: readonly LabMachineState[];
}

/** The lab's state, or undefined when there is no such lab. */
export async function readLabState(name: string): Promise<LabState | undefined> {
  const file = labPaths(name).stateFile;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LabState;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new AppError('lab-failed', `${file} cannot be read`, { cause });
  }
}

/** The lab's state; throws `usage` when there is no such lab. */
export async function requireLabState(name: string): Promise<LabState> {
  const state = await readLabState(name);
  if (state) return state;
  const names = await labNames();
  throw new AppError('usage', `there is no lab ${name}`, { hint: names.length > 0 ? `labs here: ${names.join(', ')}` : `make it with: kubewright lab up --name ${name}` });
}

/** Writes by rename: a reader sees the old state or the new one. */
export async function writeLabState(state: LabState): Promise<void> {
  const { directory, stateFile } = labPaths(state.name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${stateFile}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${stateFile}.new`, stateFile);
}

/** States of all labs of this user, by name. */
export async function readLabStates(): Promise<readonly LabState[]> {
  const states = await Promise.all((await labNames()).map((name) => readLabState(name)));
  return states.filter((state) => state !== undefined);
}

async function labNames(): Promise<readonly string[]> {
  const entries = await readdir(labsDirectory()).catch(emptyIfMissing);
  const found = await Promise.all(entries.map(async (name) => ((await readdir(join(labsDirectory(), name)).catch(emptyIfMissing)).includes('lab.json') ? name : undefined)));
  return found.filter((name) => name !== undefined).sort();
}

export function emptyIfMissing(cause: unknown): string[] {
  if (isMissing(cause)) return [];
  throw cause;
}

export function isMissing(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
