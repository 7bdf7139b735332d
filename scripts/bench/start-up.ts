import { runProgram } from '../../src/process/run-program.ts';
import { medianOf } from './median.ts';

const RUNS = 15;

/** How long the tool takes to start: as a package, which a build makes, and from a checkout, which first looks whether its sources are those of its bundle. */
export async function measureStartUp(): Promise<object> {
  await runProgram('node_modules/.bin/tsx', ['scripts/build.ts']);
  const medians = {
    'node alone': await medianMs('node', ['--eval', '0']),
    'kubewright --help': await medianMs('node', ['dist/cli.js', '--help']),
    'bin/kubewright --help': await medianMs('bin/kubewright', ['--help']),
  };
  return { runs: RUNS, medianMs: medians };
}

/** Median wall time of a program, after a first run that fills caches. */
async function medianMs(program: string, args: readonly string[]): Promise<number> {
  await runProgram(program, args);
  return (await medianOf(RUNS, () => runProgram(program, args))).wallMs;
}
