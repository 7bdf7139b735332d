import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../../shell/quote.ts';
import { runSection } from '../section-script.ts';
import { NODES, SILENT, awaitProbes, waitingFunctions } from './await-probes.ts';

const NODE_LINES = ['cp-1|10.0.0.11|True', 'cp-2|10.0.0.12|True', 'w-1|10.0.0.21|Unknown'].join('\n');

/** Runs the shell where `kubectl` prints the nodes and `curl` reaches all but these addresses. */
function awaited(pods: readonly string[], away: readonly string[]): { readonly silent: string; readonly exitCode: number | null } {
  const d = mkdtempSync(join(tmpdir(), 'kw-probes-'));
  const script = [
    `d=${quote(d)}`,
    `kubectl() { printf '%s\\n' ${quote(NODE_LINES)}; }`,
    `curl() { case "$*" in ${[...away.map((address) => `*//${address}:*`), 'nowhere'].join('|')}) return 28 ;; esac; }`,
    waitingFunctions({ seconds: 0, secondsUnready: 0 }),
    ...[NODES, SILENT].map(runSection),
    awaitProbes(`printf '%s\\n' ${pods.map(quote).join(' ')}`),
  ].join('\n');
  const { status } = spawnSync('sh', { input: script });
  const silent = readFileSync(join(d, 'silent'), 'utf8');
  rmSync(d, { recursive: true });
  return { silent, exitCode: status };
}

const RUNNING = ['cp-1|probe-1|10.244.0.2|True', 'cp-2|probe-2|10.244.1.2|True'];

it.each([
  ['every node has a pod', [...RUNNING, 'w-1|probe-3|10.244.2.2|True'], [], { silent: '', exitCode: 0 }],
  ['the node without one is silent', [...RUNNING, 'w-1|probe-3||'], ['10.0.0.21'], { silent: 'w-1\n', exitCode: 0 }],
  ['a pod does not run and its node answers', [...RUNNING, 'w-1|probe-3||'], [], { silent: '', exitCode: 1 }],
  ['a pod of a node that answers does not run, and another node is silent', [RUNNING[0]!, 'cp-2|probe-2||False'], ['10.0.0.21'], { silent: 'w-1\n', exitCode: 1 }],
])('%s', (_, pods, away, expected) => expect(awaited(pods, away)).toEqual(expected));

it('waits less where a node is not Ready', () => {
  const seconds = (lines: string): string =>
    execFileSync('sh', {
      input: `d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; printf '%s\\n' ${quote(lines)} > "$d/nodes"\n${waitingFunctions({ seconds: 60, secondsUnready: 15 })}\nseconds_to_wait`,
      encoding: 'utf8',
    });
  expect([seconds(NODE_LINES), seconds('cp-1|10.0.0.11|True')]).toEqual(['15\n', '60\n']);
});
