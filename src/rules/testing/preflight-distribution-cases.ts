import { everyHostPackage } from '../../catalogue/distributions.ts';
import { writtenPlatform, writtenRpms } from '../../facts/testing/written-machines.ts';
import type { WrittenName } from '../../facts/testing/written-machines.ts';
import { groundWith } from '../../facts/testing/recorded-ground.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import type { PreflightInput } from '../preflight/preflight-input.ts';
import { withMachine } from './preflight-bare.ts';
import type { PreflightCase } from './preflight-cases.ts';

type Change = readonly [from: string, to: string];

const BY_DNF: Change = ['manager|apt', 'manager|dnf'];

/** The same with one machine of that distribution, on which these lines of the recording differ. */
function withSystem(system: WrittenName, changes: readonly Change[] = [], facts: Partial<HostFacts> = {}): PreflightInput {
  return withMachine('w-1', ({ platform, ground }) => ({
    ...facts,
    platform: { ...platform, ...writtenPlatform(system) },
    ...(ground !== undefined && { ground: { ...groundWith(...changes), links: ground.links } }),
  }));
}

const untried = (system: WrittenName, evidence: string, ...changes: readonly Change[]): PreflightCase => [
  system,
  withSystem(system, changes),
  'os-untried',
  'warning',
  'w-1',
  evidence,
];

const unsupported = (wrong: string, system: WrittenName, evidence: string, ...changes: readonly Change[]): PreflightCase => [
  wrong,
  withSystem(system, changes),
  'os-unsupported',
  'error',
  'w-1',
  evidence,
];

const rpmsWithoutHaproxy = Object.fromEntries(Object.entries(writtenRpms).filter(([name]) => name !== 'haproxy'));
const fromBundle: PreflightInput['packages'] = { from: { osId: 'debian', osVersion: '12' } };
const installed = Object.fromEntries(everyHostPackage.map((name) => [name, '1']));

/** What is told of machines by the distribution that they are of. */
export const distributionCases: readonly PreflightCase[] = [
  untried('Ubuntu 24.04', 'it is Ubuntu 24.04.2 LTS: what it calls things is known from records alone'),
  untried('Ubuntu 22.04', 'known from records alone'),
  untried('Rocky Linux 9', 'it is Rocky Linux 9.4 (Blue Onyx): what it calls things is known from records alone', BY_DNF),
  untried('AlmaLinux 9', 'known from records alone', BY_DNF),
  untried('CentOS Stream 9', 'known from records alone', BY_DNF),
  untried('RHEL 9', 'known from records alone', BY_DNF),
  untried('Debian 13', 'it is Debian GNU/Linux 13 (trixie): a relative, or another release'),
  untried('Linux Mint 22', 'it is Linux Mint 22: a relative'),
  untried('Fedora 41', 'it is Fedora Linux 41 (Server Edition): a relative', BY_DNF),
  unsupported('a family of which nothing is known', 'Alpine', 'it is Alpine Linux v3.20', ['manager|apt\n', '']),
  unsupported('a release that is too old', 'Ubuntu 20.04', 'it is Ubuntu 20.04.6 LTS'),
];

/** Machines of which several things are told: code and severity of each. */
export const distributionReports: readonly (readonly [what: string, input: PreflightInput, told: readonly (readonly [code: string, severity: string, fix: string])[]])[] = [
  [
    'Debian 10',
    withSystem('Debian 10'),
    [
      ['os-unsupported', 'error', 'use one of these: Debian 12; known from records: Ubuntu 22.04 and 24.04, RHEL 9'],
      ['kernel-unsupported', 'warning', 'install a kernel 6.x'],
    ],
  ],
  [
    'RHEL 8',
    withSystem('Rocky Linux 8', [BY_DNF]),
    [
      ['os-unsupported', 'error', 'use one of these'],
      ['kernel-unsupported', 'warning', 'install a kernel 6.x'],
    ],
  ],
  [
    'RHEL 9 without dnf',
    withSystem('Rocky Linux 9', [['manager|apt\n', '']]),
    [
      ['os-unsupported', 'error', 'use one of these'],
      ['os-untried', 'warning', 'go on with consent'],
    ],
  ],
  [
    'RHEL 9 as it is installed: a firewall, SELinux',
    withSystem('Rocky Linux 9', [BY_DNF, ['selinux|', 'selinux|1'], ['', 'haproxybool|0 0\nfirewall|firewalld.service']]),
    [
      ['os-untried', 'warning', 'go on with consent'],
      [
        'firewall-active',
        'warning',
        'firewall-cmd --permanent --zone=trusted --add-source=10.0.0.11 --add-source=10.0.0.12 --add-source=10.0.0.13 --add-source=10.0.0.21 --add-source=10.244.0.0/16 --add-source=10.96.0.0/16 && firewall-cmd --reload',
      ],
      ['selinux-enforcing', 'error', 'setsebool -P haproxy_connect_any on'],
    ],
  ],
  [
    'RHEL 9 whose SELinux lets HAProxy use any port',
    withSystem('RHEL 9', [BY_DNF, ['selinux|', 'selinux|1'], ['', 'haproxybool|1 1']]),
    [
      ['os-untried', 'warning', 'go on with consent'],
      ['selinux-enforcing', 'warning', 'setenforce 0'],
    ],
  ],
  [
    'Ubuntu with its firewall on',
    withSystem('Ubuntu 24.04', [['', 'firewall|ufw.service']]),
    [
      ['os-untried', 'warning', 'go on with consent'],
      ['firewall-active', 'warning', 'ufw allow from 10.244.0.0/16 && ufw route allow from 10.244.0.0/16'],
    ],
  ],
  [
    "RHEL 9 that lacks a package, and a bundle, whose packages are Debian's",
    { ...withInstalled(withSystem('Rocky Linux 9', [BY_DNF], { packages: rpmsWithoutHaproxy })), packages: fromBundle },
    [
      ['os-untried', 'warning', 'go on with consent'],
      ['packages-out-of-reach', 'error', 'install them there'],
    ],
  ],
  [
    'RHEL 9 that has all packages, and a bundle',
    { ...withInstalled(withSystem('Rocky Linux 9', [BY_DNF], { packages: writtenRpms })), packages: fromBundle },
    [['os-untried', 'warning', 'go on with consent']],
  ],
  [
    'RHEL 9 with what others have installed, and a kernel without its modules',
    withSystem('Rocky Linux 9', [BY_DNF, ['feature|vxlan|yes', 'feature|vxlan|no'], ['', 'program|/usr/bin/containerd']]),
    [
      ['os-untried', 'warning', 'go on with consent'],
      ['kernel-feature-missing', 'error', 'dnf install kernel kernel-modules, and restart'],
      ['programs-in-the-way', 'error', 'dnf remove containerd.io docker-ce'],
    ],
  ],
];

/** The other machines have every package. */
function withInstalled(input: PreflightInput): PreflightInput {
  const hosts = Object.entries(input.snapshot.hosts).map(
    ([lane, fact]) => [lane, lane === 'w-1' || fact.state !== 'known' ? fact : { ...fact, value: { ...fact.value, packages: installed } }] as const,
  );
  return { ...input, snapshot: { ...input.snapshot, hosts: Object.fromEntries(hosts) } };
}
