// Measures how long the tool takes to start from a checkout, and keeps the figures in bench/results/start-up.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../src/process/run-program.ts';

const RUNS = 15;

process.chdir(join(import.meta.dirname, '..'));

const figures = {
  measuredAt: new Date().toISOString(),
  node: process.versions.node,
  cpus: cpus().length,
  runs: RUNS,
  medianMs: { 'node alone': await medianMs('node', ['--eval', '0']), 'kubewright --help': await medianMs('bin/kubewright', ['--help']) },
};
mkdirSync('bench/results', { recursive: true });
writeFileSync('bench/results/start-up.json', `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(JSON.stringify(figures, undefined, 2));

/** Median wall time of a program, after a first run that fills caches. */
async function medianMs(program: string, args: readonly string[]): Promise<number> {
  await runProgram(program, args);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    await runProgram(program, args);
    times.push(performance.now() - start);
  }
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0);
}
