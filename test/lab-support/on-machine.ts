import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshArguments } from '../../src/lab/lab-ssh.ts';
import type { Machine } from './test-lab.ts';

const DEADLINE_MS = 120_000;
const SHOWN = 2000;
const SHELL_SETTINGS = 'export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AskOptions {
  readonly deadlineMs?: number;
  /** The script holds secrets: it is in no error. */
  readonly isSecret?: boolean;
  /** Each finished line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** One connection for each machine, kept for the next question: a test may ask several times a second. They end by themselves when idle. */
const sockets = mkdtempSync(join(tmpdir(), 'kwt-'));
process.once('exit', () => rmSync(sockets, { recursive: true, force: true }));
const OPTIONS = ['-o', 'ConnectTimeout=4', '-o', 'ServerAliveInterval=2', '-o', 'ServerAliveCountMax=2', '-o', 'BatchMode=yes'];

function socketOf(machine: Machine): string {
  return join(sockets, `${machine.lab}-${machine.name}`);
}

/** Opens the connection that later questions share; where it cannot be had, each question has its own. */
async function connect(machine: Machine): Promise<void> {
  if (existsSync(socketOf(machine))) return;
  const args = ['-M', '-N', '-f', ...OPTIONS, '-o', `ControlPath=${socketOf(machine)}`, '-o', 'ControlPersist=60', ...sshArguments(machine, [])];
  const child = spawn('ssh', args, { stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

/** Runs a shell script on a machine by ssh, whatever its end. It goes in by standard input: what it holds is in no argument. */
export async function ask(machine: Machine, script: string, { deadlineMs = DEADLINE_MS, onLine }: AskOptions = {}): Promise<Answer> {
  await connect(machine);
  const args = [...OPTIONS, '-o', 'ControlMaster=no', '-o', `ControlPath=${socketOf(machine)}`, ...sshArguments(machine, ['sh', '-s'])];
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: deadlineMs, killSignal: 'SIGKILL' });
  const stdout = collectText(child.stdout, onLine);
  const stderr = collectText(child.stderr);
  // The shell may end before it has read everything: its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${SHELL_SETTINGS}\n${script}\n`);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** What a script on a machine printed; throws when it did not end with 0. */
export async function read(machine: Machine, script: string, options: AskOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await ask(machine, script, options);
  if (exitCode !== 0) {
    const shown = options.isSecret === true ? 'a script' : `\n${script.slice(0, SHOWN)}`;
    throw new Error(`on ${machine.name}: exit code ${exitCode} of ${shown}\n${stdout.slice(-SHOWN)}\n${stderr.slice(-SHOWN)}`);
  }
  return stdout;
}

/** Lines that a script on a machine printed, without empty ones. */
export async function readLines(machine: Machine, script: string, options: AskOptions = {}): Promise<readonly string[]> {
  return linesOf(await read(machine, script, options));
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The same question to several machines at once, answers by name. */
export async function askEach<T>(machines: readonly Machine[], question: (machine: Machine) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(machines.map(async (machine) => [machine.name, await question(machine)] as const)));
}

/** Collects a stream as text and passes finished lines on as they come. */
export function collectText(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  const chunks: string[] = [];
  let pending = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    chunks.push(chunk);
    if (onLine === undefined) return;
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  return () => chunks.join('');
}
