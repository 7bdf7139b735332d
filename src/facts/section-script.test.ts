import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sectionsOf } from './observe/sections.ts';
import { sectionAnswer, sectionScript, sectionsShell } from './section-script.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'kw-sections-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function run(script: string, place = join(directory, 'run')) {
  return spawnSync('sh', ['-s'], { input: script.replaceAll('/run/kubewright', place), encoding: 'utf8' });
}

it('gives what each section printed, its exit code, and the last words of those that complained', () => {
  const sections = sectionsOf(
    run(
      sectionScript([
        { name: 'well', shell: "printf 'a\\nb'" },
        { name: 'ill', shell: 'echo no >&2; exit 3' },
      ]),
    ).stdout,
  );
  expect(sectionAnswer(sections, 'well')).toEqual({ exitCode: 0, output: 'a\nb', complaint: '' });
  expect(sectionAnswer(sections, 'ill')).toEqual({ exitCode: 3, output: '', complaint: 'no' });
  expect(sectionAnswer(sections, 'unasked')).toBeUndefined();
});

it('lets later sections read what the first have printed', () => {
  const script = sectionScript([]).split('\n').slice(0, 2).join('\n');
  const shell = sectionsShell([{ name: 'first', shell: 'echo seen' }], [{ name: 'then', shell: 'cat "$d/first"' }]);
  expect(sectionAnswer(sectionsOf(run(`${script}\n${shell}`).stdout), 'then')?.output).toBe('seen\n');
});

it('writes nothing anywhere, and answers nothing, where it gets no directory of its own', () => {
  const full = join(directory, 'full');
  writeFileSync(full, '');
  // In place of its own directory a section would write to the root.
  const name = `kw-section-test-${process.pid}`;
  const { status, stdout } = run(sectionScript([{ name, shell: 'echo lost' }]), join(full, 'below'));
  const strays = [`/${name}`, `/${name}.exit`, `/${name}.error`].filter((path) => existsSync(path));
  for (const stray of strays) rmSync(stray);
  expect({ status, stdout, strays }).toEqual({ status: 1, stdout: '', strays: [] });
});
