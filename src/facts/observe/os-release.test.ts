import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writtenMachines, writtenPlatform } from '../testing/written-machines.ts';
import type { WrittenName } from '../testing/written-machines.ts';
import { osReleaseShell } from './host-script.ts';

const directory = mkdtempSync(join(tmpdir(), 'kw-os-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('a machine says its distribution as its os-release has it, quoted or not', () => {
  const names = Object.keys(writtenMachines) as readonly WrittenName[];
  const script = names.map((name, index) => {
    writeFileSync(join(directory, String(index)), writtenMachines[name].osRelease);
    return `(${osReleaseShell(join(directory, String(index)))})`;
  });
  const lines = names.map((name) => {
    const { osId, osLike, osVersion, osName } = writtenPlatform(name);
    return ['os', osId, osLike.join(' '), osVersion, osName].join('|');
  });
  expect(
    execFileSync('sh', ['-c', script.join('\n')], { encoding: 'utf8' })
      .trimEnd()
      .split('\n'),
  ).toEqual(lines);
});
