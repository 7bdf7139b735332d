import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProgramResult } from '../process/run-program.ts';
import { runProgram } from '../process/run-program.ts';

const root = join(import.meta.dirname, '../..');
const minimal = readFileSync(join(root, 'examples/minimal.yaml'), 'utf8');
const STARTS_MS = 30_000;

let directory = '';
let trace = '';

/** The tool as a process, with an `ssh` first on PATH that leaves a trace and reaches nothing. */
async function kubewright(...args: readonly string[]): Promise<ProgramResult> {
  const env = { PATH: `${directory}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: join(directory, 'state'), KUBEWRIGHT_CACHE: join(directory, 'cache') };
  return runProgram(join(root, 'bin/kubewright'), args, { cwd: directory, env, expect: 'any' });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kubewright-cli-'));
  trace = join(directory, 'ssh-was-started');
  writeFileSync(join(directory, 'ssh'), `#!/bin/sh\necho "$@" >> '${trace}'\nexit 255\n`, { mode: 0o755 });
  // The first start after a change bundles the sources.
  await kubewright('version');
}, STARTS_MS);

afterAll(() => rmSync(directory, { recursive: true }));

it('exits with 0 after help and version', async () => {
  expect(await kubewright('--help')).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await kubewright('version')).stdout).toMatch(/^kubewright \d+\.\d+\.\d+\n$/);
});

it('exits with 2 when the command line is wrong', async () => {
  const { exitCode, stdout, stderr } = await kubewright('plann');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('did you mean `plan`?');
});

it('exits with 3 without a cluster file, and names the one that it looked for', async () => {
  const { exitCode, stderr } = await kubewright('apply', '--yes');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('cluster file cluster.yaml: there is no such file [cluster-file-missing]');
});

it('takes the cluster file from standard input', async () => {
  const { exitCode, stderr } = await runProgram('sh', ['-c', `echo 'kind: Cluster' | '${join(root, 'bin/kubewright')}' plan -f -`], { expect: 'any' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining('cluster file - has') as string });
});

it.each(['plan', 'apply', 'verify', 'kubeconfig'])('%s refuses a node-scoped flag in cluster scope with its place, and opens no connection', async (command) => {
  const file = join(directory, 'leak.yaml');
  const leak = minimal.replace(/^spec:\n/m, 'spec:\n  controlPlane:\n    apiServer:\n      extraArgs:\n        advertise-address: 10.0.0.11\n');
  writeFileSync(file, leak);
  const { exitCode, stderr } = await kubewright(command, '-f', file);
  expect(exitCode).toBe(3);
  const line = leak.split('\n').findIndex((text) => text.includes('advertise-address')) + 1;
  expect(stderr).toContain(`${file}:${line}:9`);
  expect(stderr).toContain('advertise-address');
  expect(existsSync(trace)).toBe(false);
});

it('would have left a trace if it had opened one', async () => {
  const file = join(directory, 'valid.yaml');
  writeFileSync(file, minimal);
  expect(await kubewright('kubeconfig', '-f', file)).toMatchObject({ exitCode: 4, stdout: '' });
  expect(existsSync(trace)).toBe(true);
});

it('survives a reader that has seen enough', async () => {
  const { exitCode, stderr } = await runProgram('sh', ['-c', `'${join(root, 'bin/kubewright')}' lab --help | head -n 1`], { expect: 'any' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
