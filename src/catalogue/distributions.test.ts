import { describe, expect, it } from 'vitest';
import type { Support } from './distributions.ts';
import { everyHostPackage, familyOf, supportOf, supportedWords } from './distributions.ts';

const os = (osId: string, osVersion: string, ...osLike: readonly string[]) => ({ osId, osLike, osVersion });

describe('a distribution', () => {
  it.each<readonly [string, ReturnType<typeof os>, Support]>([
    ['Debian 12', os('debian', '12'), 'tried'],
    ['Ubuntu 22.04', os('ubuntu', '22.04', 'debian'), 'recorded'],
    ['Ubuntu 24.04', os('ubuntu', '24.04', 'debian'), 'recorded'],
    ['RHEL 9', os('rhel', '9.4', 'fedora'), 'recorded'],
    ['Rocky Linux 9', os('rocky', '9.4', 'rhel', 'centos', 'fedora'), 'recorded'],
    ['AlmaLinux 9', os('almalinux', '9.10', 'rhel', 'centos', 'fedora'), 'recorded'],
    ['CentOS Stream 9', os('centos', '9', 'rhel', 'fedora'), 'recorded'],
    ['a newer Debian', os('debian', '13'), 'untried'],
    ['a Debian that is no release yet', os('debian', ''), 'untried'],
    ['a Ubuntu between two that are known', os('ubuntu', '23.10', 'debian'), 'untried'],
    ['RHEL 10', os('rhel', '10.0', 'centos', 'fedora'), 'untried'],
    ['a relative of Ubuntu', os('linuxmint', '22', 'ubuntu', 'debian'), 'untried'],
    ['Fedora', os('fedora', '41'), 'untried'],
    ['an older Debian', os('debian', '11'), 'unsupported'],
    ['an older Ubuntu', os('ubuntu', '20.04', 'debian'), 'unsupported'],
    ['RHEL 8', os('rhel', '8.10', 'fedora'), 'unsupported'],
    ['CentOS 7', os('centos', '7', 'rhel', 'fedora'), 'unsupported'],
    ['Alpine', os('alpine', '3.20.3'), 'unsupported'],
    ['a machine that says nothing', os('', ''), 'unsupported'],
    ['one with the name of something else', os('constructor', '1'), 'unsupported'],
  ])('%s', (_name, release, support) => expect(supportOf(release)).toBe(support));

  it('is of the nearest family that it says it is like', () => {
    expect(familyOf(os('pop', '22.04', 'ubuntu', 'debian'))?.ids).toEqual(['ubuntu']);
    expect(familyOf(os('raspbian', '12', 'debian'))?.ids).toEqual(['debian']);
    expect(familyOf(os('ol', '9.4', 'fedora'))?.packageManager).toBe('dnf');
    expect(familyOf(os('arch', ''))).toBeUndefined();
  });
});

it('tells people what is tried and what is known from records', () =>
  expect(supportedWords).toBe('Debian 12; known from records: Ubuntu 22.04 and 24.04, RHEL 9, Rocky Linux 9, AlmaLinux 9 and CentOS Stream 9'));

it('names haproxy, socat and openssl in every family: other parts ask for them by these names', () => {
  for (const release of [os('debian', '12'), os('ubuntu', '24.04'), os('rocky', '9.4')])
    expect(familyOf(release)?.hostPackages).toEqual(expect.arrayContaining(['haproxy', 'openssl', 'socat']));
  expect(new Set(everyHostPackage).size).toBe(everyHostPackage.length);
});
