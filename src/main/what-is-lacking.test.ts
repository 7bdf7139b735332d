import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../process/run-program.ts';

const root = join(import.meta.dirname, '../..');
const STARTS_MS = 30_000;

let directory = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubewright-lacking-'));
  // The first start after a change bundles the sources.
  await runProgram(join(root, 'bin/kubewright'), ['version']);
}, STARTS_MS);

afterAll(() => rmSync(directory, { recursive: true }));

describe('what this machine lacks is told, and is no defect', () => {
  it('a disk with room for what is printed', async () => {
    const { exitCode, stderr } = await runProgram('sh', ['-c', `'${join(root, 'bin/kubewright')}' version > /dev/full`], { expect: 'any' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: standard output could not be written: .*ENOSPC.*\n$/);
  });

  it('ssh', async () => {
    const file = join(root, 'examples/minimal.yaml');
    const bin = join(directory, 'no-ssh');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    for (const command of ['plan', 'verify', 'audit', 'kubeconfig']) {
      const { exitCode, stderr } = await runProgram(process.execPath, [join(root, 'bin/kubewright'), command, '-f', file], { env: { PATH: bin }, expect: 'any' });
      expect({ command, exitCode }).toEqual({ command, exitCode: 2 });
      expect(stderr).toContain('program ssh is not installed [program-missing]\nnext: install the OpenSSH client');
    }
  });

  it.each([
    ['a cache that is no directory', { KUBEWRIGHT_CACHE: '/dev/null/cache' }, ['artifacts', 'list']],
    ['a home that is none', { HOME: '/dev/null', KUBEWRIGHT_CACHE: undefined, XDG_CACHE_HOME: undefined }, ['artifacts', 'ensure', 'pause']],
    ['no place for sockets', { TMPDIR: '/dev/null/tmp', XDG_RUNTIME_DIR: undefined }, ['verify', '-f', join(root, 'examples/minimal.yaml')]],
  ])('%s', async (_, env, args) => {
    const { exitCode, stderr } = await runProgram(join(root, 'bin/kubewright'), args, { env, expect: 'any' });
    expect(stderr).toMatch(/^error: \/dev\/null\S* cannot be used: .+ \[local-file\]\nnext: /m);
    expect(stderr).not.toMatch(/ {4}at |defect/);
    expect(exitCode).toBe(2);
  });
});
