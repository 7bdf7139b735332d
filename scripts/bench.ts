// Measures the tool, and keeps the figures in bench/results/. Names of measurements as arguments; all without. `floor` makes a lab of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { measureFloor } from './bench/floor.ts';
import { measurePlanSizes } from './bench/plan-size.ts';
import { measureStartUp } from './bench/start-up.ts';

const measurements: Readonly<Record<string, () => Promise<object>>> = { 'start-up': measureStartUp, 'plan-size': measurePlanSizes, floor: measureFloor };

process.chdir(join(import.meta.dirname, '..'));
mkdirSync('bench/results', { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(measurements)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const figures = { measuredAt: new Date().toISOString(), node: process.versions.node, cpus: cpus().length, ...(await measure()) };
  const text = JSON.stringify(figures, undefined, 2);
  writeFileSync(`bench/results/${name}.json`, `${text}\n`);
  console.log(`${name}: ${text}`);
}
