import { defineMachineRule } from './preflight-rule.ts';

export const osUntried = defineMachineRule({
  code: 'os-untried',
  severity: 'warning',
  grades: 'without apt it is an error: packages come by apt',
  title: 'the operating system is not one that this version was tried on',
  why: 'names of packages, versions of their programs and paths may differ, so that a deployment stops in its midst',
  fix: 'use Debian 12, or go on and see',
  judgeMachine: ({ host: { platform }, ground }) => {
    if (!ground.hasApt) return [{ severity: 'error', evidence: [`${platform.osName || 'it'} has no apt-get`], fix: 'use Debian 12' }];
    return platform.osId === 'debian' && platform.osVersion === '12' ? [] : [`${platform.osName || 'it'} is not Debian 12`];
  },
});
