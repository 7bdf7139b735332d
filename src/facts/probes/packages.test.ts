import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writtenRpms } from '../testing/written-machines.ts';
import { packagesShell, parsePackages } from './packages.ts';

const SHELL = '/bin/sh';

let programs: string;
beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'kw-rpm-'));
});
afterEach(() => rmSync(programs, { recursive: true, force: true }));

/** A program that answers as that of the distribution does. */
function program(name: string, body: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** rpm, asked with `-q --whatprovides --qf FORMAT NAME`: two packages may provide one thing. */
function rpm(installed: Readonly<Record<string, string>>): void {
  const cases = Object.entries(installed).map(([name, versions]) => `'${name}') printf '%s ' ${versions};;`);
  program('rpm', `[ "$1 $2 $3 $4" = '-q --whatprovides --qf %{VERSION}-%{RELEASE} ' ] || exit 9\ncase $5 in ${cases.join(' ')} *) echo "no package provides $5"; exit 1;; esac`);
}

const ask = (names: readonly string[]) => parsePackages(spawnSync(SHELL, ['-c', packagesShell(names)], { encoding: 'utf8', env: { PATH: programs } }).stdout);

describe('packages', () => {
  it('are asked of rpm by what they provide, a path included; what it does not know is not there', () => {
    rpm(writtenRpms);
    expect(ask([...Object.keys(writtenRpms), 'conntrack', 'iproute2', 'ebtables'])).toEqual(writtenRpms);
  });

  it('have the version of the first that provides them', () => {
    rpm({ haproxy: '2.4.22-3.el9_3 2.8.5-1.el9' });
    expect(ask(['haproxy'])).toEqual({ haproxy: '2.4.22-3.el9_3' });
  });

  it('are asked of dpkg where there is no rpm, and of both where a machine has both', () => {
    program('dpkg-query', `printf '%s\\n' 'haproxy|installed|2.8.5-1ubuntu3' 'socat|config-files|1.8.0.0-4build3'; exit 1`);
    expect(ask(['haproxy', 'socat', 'kmod'])).toEqual({ haproxy: '2.8.5-1ubuntu3' });
    rpm({});
    expect(ask(['haproxy', 'socat', 'kmod'])).toEqual({ haproxy: '2.8.5-1ubuntu3' });
  });
});
