import type { PlatformFacts } from '../host-facts.ts';

/**
 * What machines of distributions that clusters were not made on would answer. Written, not recorded on machines, from what is published: the `/etc/os-release` of each release (packages base-files,
 * rocky-release, almalinux-release, centos-stream-release, redhat-release), `uname -r` of the kernels that they come with, the names and versions of packages in their archives, and rpm(8), which says
 * `no package provides NAME` and ends with 1 where there is none.
 */
export interface WrittenMachine {
  readonly osRelease: string;
  readonly kernel: string;
  /** Runs systemd-resolved, so that `/etc/resolv.conf` names its stub. */
  readonly isResolvedActive: boolean;
}

const fields = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

export const writtenMachines = {
  'Ubuntu 24.04': {
    osRelease: fields({
      PRETTY_NAME: '"Ubuntu 24.04.2 LTS"',
      NAME: '"Ubuntu"',
      VERSION_ID: '"24.04"',
      VERSION: '"24.04.2 LTS (Noble Numbat)"',
      VERSION_CODENAME: 'noble',
      ID: 'ubuntu',
      ID_LIKE: 'debian',
      UBUNTU_CODENAME: 'noble',
    }),
    kernel: '6.8.0-55-generic',
    isResolvedActive: true,
  },
  'Ubuntu 22.04': {
    osRelease: fields({
      PRETTY_NAME: '"Ubuntu 22.04.5 LTS"',
      NAME: '"Ubuntu"',
      VERSION_ID: '"22.04"',
      VERSION: '"22.04.5 LTS (Jammy Jellyfish)"',
      ID: 'ubuntu',
      ID_LIKE: 'debian',
    }),
    kernel: '5.15.0-130-generic',
    isResolvedActive: true,
  },
  'Rocky Linux 9': {
    osRelease: fields({
      NAME: '"Rocky Linux"',
      VERSION: '"9.4 (Blue Onyx)"',
      ID: '"rocky"',
      ID_LIKE: '"rhel centos fedora"',
      VERSION_ID: '"9.4"',
      PLATFORM_ID: '"platform:el9"',
      PRETTY_NAME: '"Rocky Linux 9.4 (Blue Onyx)"',
    }),
    kernel: '5.14.0-427.13.1.el9_4.x86_64',
    isResolvedActive: false,
  },
  'AlmaLinux 9': {
    osRelease: fields({ NAME: '"AlmaLinux"', ID: '"almalinux"', ID_LIKE: '"rhel centos fedora"', VERSION_ID: '"9.5"', PRETTY_NAME: '"AlmaLinux 9.5 (Teal Serval)"' }),
    kernel: '5.14.0-503.11.1.el9_5.x86_64',
    isResolvedActive: false,
  },
  'CentOS Stream 9': {
    osRelease: fields({ NAME: '"CentOS Stream"', VERSION: '"9"', ID: '"centos"', ID_LIKE: '"rhel fedora"', VERSION_ID: '"9"', PRETTY_NAME: '"CentOS Stream 9"' }),
    kernel: '5.14.0-585.el9.x86_64',
    isResolvedActive: false,
  },
  'RHEL 9': {
    osRelease: fields({ NAME: '"Red Hat Enterprise Linux"', ID: '"rhel"', ID_LIKE: '"fedora"', VERSION_ID: '"9.4"', PRETTY_NAME: '"Red Hat Enterprise Linux 9.4 (Plow)"' }),
    kernel: '5.14.0-427.13.1.el9_4.x86_64',
    isResolvedActive: false,
  },
  'Debian 13': {
    osRelease: fields({ PRETTY_NAME: '"Debian GNU/Linux 13 (trixie)"', NAME: '"Debian GNU/Linux"', VERSION_ID: '"13"', ID: 'debian' }),
    kernel: '6.12.38+deb13-amd64',
    isResolvedActive: false,
  },
  'Linux Mint 22': {
    osRelease: fields({ NAME: '"Linux Mint"', ID: 'linuxmint', ID_LIKE: '"ubuntu debian"', VERSION_ID: '"22"', PRETTY_NAME: '"Linux Mint 22"' }),
    kernel: '6.8.0-38-generic',
    isResolvedActive: true,
  },
  'Fedora 41': {
    osRelease: fields({ NAME: '"Fedora Linux"', ID: 'fedora', VERSION_ID: '41', PRETTY_NAME: '"Fedora Linux 41 (Server Edition)"' }),
    kernel: '6.11.4-301.fc41.x86_64',
    isResolvedActive: true,
  },
  'Debian 10': {
    osRelease: fields({ PRETTY_NAME: '"Debian GNU/Linux 10 (buster)"', NAME: '"Debian GNU/Linux"', VERSION_ID: '"10"', ID: 'debian' }),
    kernel: '4.19.0-27-amd64',
    isResolvedActive: false,
  },
  'Ubuntu 20.04': {
    osRelease: fields({ PRETTY_NAME: '"Ubuntu 20.04.6 LTS"', NAME: '"Ubuntu"', VERSION_ID: '"20.04"', ID: 'ubuntu', ID_LIKE: 'debian' }),
    kernel: '5.4.0-200-generic',
    isResolvedActive: true,
  },
  'Rocky Linux 8': {
    osRelease: fields({ NAME: '"Rocky Linux"', ID: '"rocky"', ID_LIKE: '"rhel centos fedora"', VERSION_ID: '"8.10"', PRETTY_NAME: '"Rocky Linux 8.10 (Green Obsidian)"' }),
    kernel: '4.18.0-553.el8_10.x86_64',
    isResolvedActive: false,
  },
  Alpine: {
    osRelease: fields({ NAME: '"Alpine Linux"', ID: 'alpine', VERSION_ID: '3.20.3', PRETTY_NAME: '"Alpine Linux v3.20"' }),
    kernel: '6.6.54-0-virt',
    isResolvedActive: false,
  },
} as const satisfies Readonly<Record<string, WrittenMachine>>;

export type WrittenName = keyof typeof writtenMachines;

type WrittenPlatform = Pick<PlatformFacts, 'osId' | 'osLike' | 'osVersion' | 'osName' | 'kernel' | 'isResolvedActive'>;

/** The machine's part of the facts of a platform. */
export function writtenPlatform(name: WrittenName): WrittenPlatform {
  const { osRelease, kernel, isResolvedActive } = writtenMachines[name];
  const of = (field: string): string => new RegExp(`^${field}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  return { osId: of('ID'), osLike: of('ID_LIKE').split(' ').filter(Boolean), osVersion: of('VERSION_ID'), osName: of('PRETTY_NAME'), kernel, isResolvedActive };
}

/** What rpm has on a minimal installation of a release 9 whose other packages for nodes were installed too: curl is that of curl-minimal. */
export const writtenRpms: Readonly<Record<string, string>> = {
  '/usr/bin/curl': '7.76.1-29.el9_4',
  'ca-certificates': '2023.2.60_v7.0.306-90.1.el9_2',
  'conntrack-tools': '1.4.7-2.el9',
  ethtool: '6.2-1.el9',
  haproxy: '2.4.22-3.el9_3',
  iproute: '6.2.0-6.el9_4',
  'iptables-nft': '1.8.10-2.el9',
  kmod: '28-9.el9',
  openssl: '3.0.7-27.el9',
  socat: '1.7.4.1-5.el9_4.2',
  tar: '1.34-6.el9_4.1',
};
