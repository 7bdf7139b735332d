import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './kubewright.ts';

const GIB = 1024 ** 3;

/** Keeps what a soak has measured in `bench/results/NAME.json`, with the machine that it was measured on. */
export function keepFigures(name: string, figures: object): void {
  const directory = join(ROOT, 'bench/results');
  mkdirSync(directory, { recursive: true });
  const machine = { cpus: cpus().length, memoryGiB: Math.round(totalmem() / GIB), node: process.versions.node };
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, ...figures }, undefined, 2)}\n`);
}
