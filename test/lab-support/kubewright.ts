import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { collectText } from './on-machine.ts';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'bin/kubewright');

/** What a run of the tool came to, as its caller sees it. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A run of the tool that goes on. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Each finished line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Starts a program with this process's environment and more, and collects what it prints. */
export function start(program: string, args: readonly string[], { cwd, env, onLine }: RunOptions = {}): Running {
  const began = performance.now();
  const child = spawn(program, args, { ...(cwd !== undefined && { cwd }), env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = collectText(child.stdout, onLine);
  const stderr = collectText(child.stderr);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout: stdout(), stderr: stderr(), seconds: (performance.now() - began) / 1000 }));
  });
  return { child, ended };
}

/** Starts the command line tool as a user would. */
export function startKubewright(args: readonly string[], options: RunOptions = {}): Running {
  return start(BIN, args, options);
}

/** Runs the tool to its end, whatever that is. */
export async function kubewright(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return startKubewright(args, options).ended;
}

/** Runs the tool and throws with all that it said when it does not end with 0: for what a test needs and does not judge. */
export async function mustKubewright(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const ended = await kubewright(args, options);
  if (ended.exitCode !== 0) throw new Error(`kubewright ${args.join(' ')} ended with ${ended.exitCode}\n${ended.stderr}\n${ended.stdout}`);
  return ended;
}
