import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../process/run-program.ts';

export interface PauseBuild {
  readonly version: string;
  readonly output: string;
  readonly signal: AbortSignal;
}

/** Compiles pause from our own source, statically: its image holds nothing else. */
export async function buildPause({ version, output, signal }: PauseBuild): Promise<void> {
  const flags = ['-std=gnu11', '-Os', '-Wall', '-Werror', '-static', '-s', '-Wl,--build-id=none', `-DVERSION="${version}"`];
  await runProgram('gcc', [...flags, '-o', output, pauseSource()], { signal });
}

/** Where the source is: beside the package's own package.json, of a checkout as of an installed package. */
export function pauseSource(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, 'assets', 'pause', 'pause.c')) && dirname(dir) !== dir) dir = dirname(dir);
  return join(dir, 'assets', 'pause', 'pause.c');
}
