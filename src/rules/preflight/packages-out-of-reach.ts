import { familyOf } from '../../catalogue/distributions.ts';
import { defineMachineRule } from './preflight-rule.ts';

export const packagesOutOfReach = defineMachineRule({
  code: 'packages-out-of-reach',
  severity: 'error',
  title: 'packages are missing on the machine, and what is deployed from does not have them',
  why: 'a deployment from a bundle asks no mirror: the first step on that machine would fail',
  fix: 'install them there, or make the bundle with packages and take machines of the release that they are for',
  judgeMachine: ({ host }, { packages: { from } }) => {
    const missing = (familyOf(host.platform)?.hostPackages ?? []).filter((name) => host.packages[name] === undefined);
    if (from === 'mirror' || missing.length === 0) return [];
    if (from === 'nowhere') return [`it lacks ${missing.join(', ')}, and the bundle has no packages`];
    const { osId, osVersion, osName } = host.platform;
    return osId === from.osId && osVersion === from.osVersion
      ? []
      : [`it lacks ${missing.join(', ')}; it is ${osName}, and the bundle's packages are for ${from.osId} ${from.osVersion}`];
  },
});
