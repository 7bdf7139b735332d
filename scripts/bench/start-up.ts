import { runProgram } from '../../src/process/run-program.ts';
import { medianOf } from './median.ts';

const RUNS = 15;

/** How long the tool takes to start from a checkout. */
export async function measureStartUp(): Promise<object> {
  return { runs: RUNS, medianMs: { 'node alone': await medianMs('node', ['--eval', '0']), 'kubewright --help': await medianMs('bin/kubewright', ['--help']) } };
}

/** Median wall time of a program, after a first run that fills caches. */
async function medianMs(program: string, args: readonly string[]): Promise<number> {
  await runProgram(program, args);
  return (await medianOf(RUNS, () => runProgram(program, args))).wallMs;
}
