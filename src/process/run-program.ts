import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal;
  /** Called with each finished line of either stream as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Exit codes that are answers, not failures. Default: 0 alone. `any` takes all. */
  readonly expect?: readonly number[] | 'any';
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MISSING_PROGRAM = 'ENOENT';
const DETAIL_LINES = 20;

/** Runs a local program to its end. Throws `program-missing`, `program-failed` (with the last lines of its output) or `interrupted`. */
export async function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.signal && { signal: options.signal }),
  });
  const stdout = collect(child.stdout, 'stdout', options.onLine);
  const stderr = collect(child.stderr, 'stderr', options.onLine);
  if (child.stdin) feed(child.stdin, options.stdin);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => reject(spawnError(program, cause, options.signal)));
    child.once('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
  const result = { exitCode, stdout: stdout(), stderr: stderr() };
  const expected = options.expect ?? [0];
  if (expected !== 'any' && !expected.includes(exitCode)) throw failure(program, args, result);
  return result;
}

function feed(stdin: NodeJS.WritableStream, input: ProgramOptions['stdin']): void {
  // A program may end before it has read everything: its exit code tells, not the broken pipe.
  stdin.on('error', () => undefined);
  if (input === undefined) return;
  if (typeof input === 'string' || input instanceof Uint8Array) stdin.end(input);
  else input.pipe(stdin);
}

function collect(stream: Readable | null, name: 'stdout' | 'stderr', onLine: ProgramOptions['onLine']): () => string {
  let all = '';
  let pending = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    all += chunk;
    if (!onLine) return;
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line, name);
  });
  return () => {
    if (onLine && pending !== '') onLine(pending, name);
    return all;
  };
}

function spawnError(program: string, cause: NodeJS.ErrnoException, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted) return new AppError('interrupted', `${program} was interrupted`, { cause });
  if (cause.code === MISSING_PROGRAM) return new AppError('program-missing', `program ${program} is not installed`, { cause });
  return new AppError('program-failed', `${program} could not be started: ${cause.message}`, { cause });
}

function failure(program: string, args: readonly string[], result: ProgramResult): AppError {
  const output = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim() !== '');
  return new AppError('program-failed', `${program} ${args[0] ?? ''} ended with exit code ${result.exitCode}`, { details: output.slice(-DETAIL_LINES), retry: 'safe' });
}
