import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hostLayout } from '../../shell/host-layout.ts';
import { encodeRunName } from '../../shell/run-name.ts';
import { parseRuns, runsShell } from './runs.ts';

const root = mkdtempSync(join(tmpdir(), 'kw-runs-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(step: string, files: Readonly<Record<string, string>>): void {
  const dir = join(root, 'runs', 'r-7', encodeRunName(step));
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries({ params: 'r-7 7 abc 60\n', ...files })) writeFileSync(join(dir, name), text);
}

test('a listing tells running, ended and lost runs apart', () => {
  run('a/ended', { pid: '1\n', exit: 'exited 3\n' });
  run('b/stopped', { pid: '1\n', exit: 'deadline\n' });
  run('c/lost', { pid: '999999\n' });
  const text = execFileSync('sh', ['-c', runsShell({ ...hostLayout, runDir: root })], { encoding: 'utf8' });
  expect(parseRuns(text)).toEqual([
    { runId: 'r-7', stepId: 'a/ended', token: 7, state: 'ended', exitCode: 3 },
    { runId: 'r-7', stepId: 'b/stopped', token: 7, state: 'ended' },
    { runId: 'r-7', stepId: 'c/lost', token: 7, state: 'lost' },
  ]);
});

test('a host without runs gives no run', () => {
  const text = execFileSync('sh', ['-c', runsShell({ ...hostLayout, runDir: join(root, 'none') })], { encoding: 'utf8' });
  expect(parseRuns(text)).toEqual([]);
});
