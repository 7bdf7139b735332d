import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ProgramResult } from '../src/process/run-program.ts';
import { runProgram } from '../src/process/run-program.ts';

const HERE = import.meta.dirname;
const TWO_DAYS_AGO = new Date(Date.now() - 2 * 24 * 3600 * 1000);
const STARTS_MS = 60_000;

let root: string;
let cache: string;

/** A checkout of almost nothing. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'launch-'));
  cache = join(root, 'node_modules/.cache/kubewright');
  for (const directory of ['src/main', 'scripts', 'node_modules']) mkdirSync(join(root, directory), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle.js']) writeFileSync(join(root, file), '{}');
  writeFileSync(join(root, 'src/main/cli.ts'), "process.stdout.write('started');");
  symlinkSync(join(HERE, '../node_modules/esbuild'), join(root, 'node_modules/esbuild'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function startIn(temporary: string): Promise<ProgramResult> {
  const text = `const { launch } = await import(${JSON.stringify(join(HERE, 'launch.js'))}); await launch(${JSON.stringify(root)});`;
  return runProgram(process.execPath, ['--input-type=module', '-e', text], { env: { TMPDIR: temporary }, expect: 'any' });
}

const start = async (): Promise<string> => (await startIn(tmpdir())).stdout;

it(
  'keeps the bundle that is in use, whatever its age, and removes old ones that are not',
  async () => {
    expect(await start()).toBe('started');
    const [used = ''] = readdirSync(cache).filter((name) => name.startsWith('bundle-'));
    const unused = join(cache, 'of-other-sources');
    mkdirSync(unused);
    for (const path of [join(cache, used), unused]) utimesSync(path, TWO_DAYS_AGO, TWO_DAYS_AGO);
    expect(await start()).toBe('started');
    expect(statSync(join(cache, used)).mtimeMs).toBeGreaterThan(TWO_DAYS_AGO.getTime());
    // Other sources: now old bundles go, and the one that may still run does not.
    writeFileSync(join(root, 'src/main/cli.ts'), "process.stdout.write('started anew');");
    expect(await start()).toBe('started anew');
    expect([existsSync(join(cache, used)), existsSync(unused)]).toEqual([true, false]);
    // A bundle that somebody took away.
    for (const name of readdirSync(cache).filter((each) => each.startsWith('bundle-'))) rmSync(join(cache, name), { recursive: true });
    expect(await start()).toBe('started anew');
  },
  STARTS_MS,
);

it(
  'starts where it may keep nothing beside the sources, and leaves nothing elsewhere; where it may not write at all it says so',
  async () => {
    // As good as a read-only disk, and so for root too.
    writeFileSync(join(root, 'node_modules/.cache'), '');
    const temporary = join(root, 'tmp');
    mkdirSync(temporary);
    expect(await startIn(temporary)).toMatchObject({ exitCode: 0, stdout: 'started' });
    expect(readdirSync(temporary)).toEqual([]);
    expect(await startIn(join(root, 'not-there'))).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/^kubewright: .* cannot be bundled: .+\n$/) as string });
  },
  STARTS_MS,
);
