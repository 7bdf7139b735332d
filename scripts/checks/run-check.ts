import { mkdir, readFile, rm } from 'node:fs/promises';
import { AppError } from '../../src/errors/app-error.ts';
import { runProgram } from '../../src/process/run-program.ts';
import type { Check } from './tiers.ts';
import type { Counts } from './vitest-counts.ts';
import { vitestCounts } from './vitest-counts.ts';

const REPORTS = '.test-results';

export interface CheckResult extends Counts {
  readonly name: string;
  readonly seconds: number;
}

/** Runs one check; its lines come out as they come, each with the check's name before it. Never throws: what cannot run has failed. */
export async function runCheck(check: Check, signal: AbortSignal): Promise<CheckResult> {
  const start = performance.now();
  console.log(`[${check.name}] started`);
  const counts = await ('command' in check ? runCommand(check.name, check.command, signal) : runVitest(check.name, check.vitestProject, signal)).catch(crashed);
  const seconds = (performance.now() - start) / 1000;
  console.log(`[${check.name}] ${counts.failed === 0 ? 'passed' : 'FAILED'} after ${seconds.toFixed(1)} s${counts.why === undefined ? '' : `: ${counts.why}`}`);
  return { ...counts, name: check.name, seconds };
}

async function runCommand(name: string, [program, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<Counts> {
  const exitCode = await stream(name, [program, ...args], signal);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, why: `exit code ${exitCode} of ${[program, ...args].join(' ')}` };
}

async function runVitest(name: string, project: string, signal: AbortSignal): Promise<Counts> {
  const file = `${REPORTS}/${project}.json`;
  await mkdir(REPORTS, { recursive: true });
  await rm(file, { force: true });
  const exitCode = await stream(name, ['node_modules/.bin/vitest', 'run', '--project', project, '--passWithNoTests'], signal, { KUBEWRIGHT_TEST_REPORT: file });
  const report = await readFile(file, 'utf8').catch(() => undefined);
  return vitestCounts(report, exitCode);
}

/** Runs a program without colours or a terminal's tricks; gives its exit code. */
async function stream(name: string, [program, ...args]: readonly [string, ...string[]], signal: AbortSignal, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const onLine = (line: string): void => console.log(`[${name}] ${line}`);
  const { exitCode } = await runProgram(program, args, { signal, onLine, expect: 'any', env: { NO_COLOR: '1', FORCE_COLOR: undefined, ...env } });
  return exitCode;
}

function crashed(error: unknown): Counts {
  return { passed: 0, failed: 1, why: error instanceof AppError ? error.message : String(error) };
}
