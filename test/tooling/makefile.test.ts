import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgramResult } from '../../src/process/run-program.ts';
import { runProgram } from '../../src/process/run-program.ts';

const root = join(import.meta.dirname, '../..');
const COUNT = '3 passed, 1 failed';

describe('the Makefile', () => {
  let checkout = '';
  let trace = '';

  /** The real Makefile, beside programs that leave a trace and end with 1 after their count, as a failed run of checks does. */
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'kubewright-make-'));
    trace = join(checkout, 'carried-out');
    copyFileSync(join(root, 'Makefile'), join(checkout, 'Makefile'));
    const program = (path: string, text: string): void => {
      mkdirSync(join(checkout, path, '..'), { recursive: true });
      writeFileSync(join(checkout, path), `#!/bin/sh\necho "$0 $*" >> '${trace}'\n${text}\n`, { mode: 0o755 });
    };
    program('scripts/setup.sh', 'exit 0');
    for (const name of ['tsx', 'oxlint', 'oxfmt']) program(`node_modules/.bin/${name}`, `echo '${COUNT}'; exit 1`);
  });

  afterEach(() => rmSync(checkout, { recursive: true }));

  // Both streams in one, in the order in which a person sees them.
  const make = (...args: readonly string[]): Promise<ProgramResult> =>
    runProgram('sh', ['-c', 'exec make "$@" 2>&1', 'sh', ...args], { cwd: checkout, env: { MAKEFLAGS: undefined, MAKELEVEL: undefined }, expect: 'any' });

  it.each(['demo', 'test', 'test-fast', 'soak', 'lint', 'setup', 'clean'])('only prints what %s would do with -n', async (target) => {
    const { exitCode, stdout } = await make('-n', target);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(target === 'clean' ? /^rm -rf / : /^scripts\/setup\.sh/);
    expect(existsSync(trace)).toBe(false);
    expect(existsSync(join(checkout, 'node_modules'))).toBe(true);
  });

  it.each(['--dry-run', '--just-print', '-q', '--question', '-t', '--touch'])('carries nothing out with %s', async (flag) => {
    await make(flag, 'test');
    expect(existsSync(trace)).toBe(false);
  });

  it.each([[], ['--no-print-directory'], ['-j2'], ['WITH=nqt']])('ends a failed run with its count as the last line, and fails: %j', async (...flags) => {
    const { exitCode, stdout } = await make(...flags, 'test');
    expect(exitCode).not.toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(COUNT);
    expect(existsSync(trace)).toBe(true);
  });

  it('ends with 0 when what it ran did', async () => {
    expect(await make('setup')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(existsSync(trace)).toBe(true);
  });
});
