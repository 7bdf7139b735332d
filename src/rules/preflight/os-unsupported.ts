import { familyOf, supportOf, supportedWords } from '../../catalogue/distributions.ts';
import { defineMachineRule } from './preflight-rule.ts';

export const osUnsupported = defineMachineRule({
  code: 'os-unsupported',
  severity: 'error',
  title: 'the operating system is not supported',
  why: 'how its packages are called and installed is not known, or what it has is too old: a deployment would stop in its midst',
  fix: `use one of these: ${supportedWords}`,
  judgeMachine: ({ host: { platform }, ground }) => {
    const name = platform.osName || platform.osId || 'a system that does not say its name';
    const family = familyOf(platform);
    if (family === undefined || supportOf(platform) === 'unsupported') return [`it is ${name}`];
    return ground.packageManagers.includes(family.packageManager) ? [] : [`it is ${name} and has no ${family.packageManager === 'apt' ? 'apt-get' : family.packageManager}`];
  },
});
