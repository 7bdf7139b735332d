import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../src/cli/completion-scripts.ts';
import type { Shell } from '../../src/cli/completion-scripts.ts';

/** Answers as kubewright does: proposals for a command or a value, none for a file. Each word that it was asked with is printed when the last one is `words`. */
const PROGRAM = `#!/bin/sh
shift
for last; do :; done
case "$*:$last" in
  *:words) printf '<%s>\\tone word\\n' "$@" ;;
  *:--output=*) printf '%s\\twhat: is printed\\n' --output=text --output=json ;;
  "plan -f :") ;;
  *) printf '%s\\twhat: it does\\n' start stop ;;
esac
`;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'completion-'));
  writeFileSync(join(directory, 'kubewright'), PROGRAM, { mode: 0o755 });
  for (const [shell, script] of Object.entries(completionScripts)) writeFileSync(join(directory, `${shell}-script`), script);
  writeFileSync(join(directory, 'file.yaml'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Lines that a shell prints. */
function printedBy(shell: Shell, flags: readonly string[], program: string): readonly string[] {
  const env = { PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}`, HOME: directory, TERM: 'dumb' };
  return execFileSync(shell, [...flags, '-c', program], { cwd: directory, encoding: 'utf8', env })
    .trim()
    .split('\n');
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

describe('bash', () => {
  /** What bash would offer; `words` are as bash breaks a line into words, with `=` as one. */
  const offered = (...words: readonly string[]): readonly string[] => {
    const list = ['kubewright', ...words].map((word) => `'${word}'`).join(' ');
    return printedBy('bash', ['--norc'], `. ./bash-script; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _kubewright; printf '%s\\n' "\${COMPREPLY[@]}"`);
  };

  it.each([
    [
      ['lab', 'st'],
      ['start', 'stop'],
    ],
    [[''], ['start', 'stop']],
    [
      ['plan', '--output', '='],
      ['text', 'json'],
    ],
    [
      ['plan', '--output', '=', 'js'],
      ['text', 'json'],
    ],
    [['plan', '-f', ''], ['']],
    [
      ['a', '', '--name', '=', 'two', 'b c', 'words'],
      ['<a>', '<>', '<--name=two>', '<b c>', '<words>'],
    ],
  ])('offers for %j %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('has the function registered, with files where nothing is proposed', () => {
    expect(printedBy('bash', ['--norc'], '. ./bash-script; complete -p kubewright')).toEqual(['complete -o default -F _kubewright kubewright']);
  });
});

describe.runIf(isInstalled('zsh'))('zsh', () => {
  /** What zsh hands to its own functions for a line of these words. */
  const offered = (...words: readonly string[]): readonly string[] => {
    const own = '_describe() { print -rl -- "${(@P)2}" }; _files() { print files }; compdef() { print "compdef $@" }';
    const list = ['kubewright', ...words].map((word) => `'${word}'`).join(' ');
    return printedBy('zsh', ['-f'], `${own}; . ./zsh-script; words=(${list}); CURRENT=${words.length + 1}; _kubewright`);
  };

  it('registers itself, and offers words with what they mean', () => {
    expect(offered('lab', 'st')).toEqual(['compdef _kubewright kubewright', String.raw`start:what: it does`, 'stop:what: it does']);
  });

  it('asks with every word up to the cursor, empty ones too', () => {
    expect(offered('a', '', '--name=two', 'b c', 'words').slice(1)).toEqual(['<a>:one word', '<>:one word', '<--name=two>:one word', '<b c>:one word', '<words>:one word']);
  });

  it('offers files where nothing is proposed', () => {
    expect(offered('plan', '-f', '')).toEqual(['compdef _kubewright kubewright', 'files']);
  });
});

describe.runIf(isInstalled('fish'))('fish', () => {
  const offered = (line: string): readonly string[] => printedBy('fish', ['--no-config'], `source ./fish-script; complete -C '${line}'`);

  it.each([
    ['kubewright lab st', ['start\twhat: it does', 'stop\twhat: it does']],
    ['kubewright plan --output=j', ['--output=json\twhat: is printed']],
    ['kubewright plan -f ', expect.arrayContaining([expect.stringContaining('file.yaml')])],
  ])('offers for %s', (line, expected) => {
    expect(offered(line)).toEqual(expected);
  });
});
