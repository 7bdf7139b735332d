import { describe, expect, it } from 'vitest';
import { runOnBench } from '../../src/cli/testing/cli-bench.ts';
import type { NamedCommand } from './documents.ts';
import { argumentsOf, codeSpans, pages, readRepository, runnableLines } from './documents.ts';

const named = pages().flatMap((page) => [...runnableLines(page), ...codeSpans(page)]);
const commandLines = unique(named.flatMap((command) => argumentsOf('kubewright', command.line)?.join(' ') ?? []));
const targets = unique(named.flatMap(({ line }) => argumentsOf('make', line) ?? []));

/** A command line that was understood either prints help or goes on to load what carries it out, which the bench refuses. */
async function understood(line: string): Promise<string> {
  const { exitCode, stderr } = await runOnBench(line.split(' ').filter((word) => word !== ''));
  if (exitCode === 0) return 'understood';
  return /error: the command was not to load \w+ \[internal\]/.test(stderr) ? 'understood' : stderr;
}

describe('pages name only what there is', () => {
  it('finds the commands of the README', () => {
    expect(commandLines).toEqual(expect.arrayContaining(['plan', 'apply', 'verify', 'kubeconfig --out kubeconfig', 'lab up --name demo --control-planes 3 --workers 1']));
    expect(targets).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it.each(commandLines)('kubewright %s', async (line) => {
    expect(await understood(line)).toBe('understood');
  });

  it.each(targets)('make %s', (target) => {
    expect(readRepository('Makefile')).toMatch(new RegExp(`^${target}:`, 'm'));
  });

  it('runs nothing but programs that pages say are needed', () => {
    const programs = unique(pages().flatMap(runnableLines).map(programOf));
    expect(programs).toEqual(['kubectl', 'kubewright', 'make']);
  });
});

it.each(['plan --no-such-flag', 'lab up --control-plane 3', 'no-such-command', 'lab start'])('would notice: kubewright %s', async (line) => {
  expect(await understood(line)).toContain('[usage]');
});

function programOf({ line }: NamedCommand): string {
  return line.split(' ', 1)[0] ?? '';
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
