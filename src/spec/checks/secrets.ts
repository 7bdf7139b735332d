import type { SpecFinding } from '../problem.ts';
import type { Check } from './check.ts';

/** Every secret is named once. */
export const checkSecrets: Check = (file, { isRefused }) =>
  Object.entries(file.spec?.registries ?? {}).flatMap(([name, registry]): readonly SpecFinding[] => {
    const path = ['spec', 'registries', name, 'credentials', 'password'];
    const password = registry?.credentials?.password;
    const isTold = [path, [...path, 'fromFile'], [...path, 'fromEnv']].some(isRefused);
    if (password === undefined || isTold) return [];
    const named = [password.fromFile, password.fromEnv].filter((source) => source !== undefined).length;
    if (named === 1) return [];
    return [{ code: 'secret-reference', path, message: `the password of ${name} is named ${named === 0 ? 'nowhere' : 'twice'}` }];
  });
