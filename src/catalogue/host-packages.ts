import { debianFamily } from './distributions.ts';

/** The packages of an archive of them. */
export const hostPackages = debianFamily.hostPackages;

/** The distribution that an archive of them is for, as `/etc/os-release` has it, and its release's name. */
export const hostPackagesOf = { osId: 'debian', osVersion: '12', suite: 'bookworm' } as const;
