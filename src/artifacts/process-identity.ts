import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { runProgram } from '../process/run-program.ts';

/** Names one process for good: a pid alone is used again after a process or a boot ended. */
export interface ProcessIdentity {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly started: string;
}

const STATE_FIELD = 0;
const START_TICKS_FIELD = 19;

let own: Promise<ProcessIdentity> | undefined;

/** The identity of this very process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= identify();
  return own;
}

async function identify(): Promise<ProcessIdentity> {
  return { host: hostname(), boot: await bootId(), pid: process.pid, started: (await startOf(process.pid)) ?? 'unknown' };
}

/** Whether that process still runs. One of another machine cannot be asked and counts as alive. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const self = await ownIdentity();
  if (identity.host !== self.host) return true;
  if (identity.boot !== self.boot) return false;
  return (await startOf(identity.pid)) === identity.started;
}

async function bootId(): Promise<string> {
  return (await readIfThere('/proc/sys/kernel/random/boot_id'))?.trim() ?? 'unknown';
}

/** When a process started, in a form that only equality is asked of; `undefined` when there is none or it is a zombie. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return startByPs(pid);
  const stat = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may hold blanks and parentheses itself.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields?.[STATE_FIELD] === undefined || ['Z', 'X'].includes(fields[STATE_FIELD])) return undefined;
  return fields[START_TICKS_FIELD];
}

async function startByPs(pid: number): Promise<string | undefined> {
  const { stdout } = await runProgram('ps', ['-o', 'lstart=', '-p', String(pid)], { expect: 'any' });
  return stdout.trim() === '' ? undefined : stdout.trim();
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    // ESRCH: the process ended between open and read.
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}
