import { suggest } from '../suggest.ts';
import type { Check } from './check.ts';

/** The release must be in the catalogue. */
export const checkVersion: Check = (file, { releases }) => {
  const knownVersions = releases.map(({ kubernetes }) => kubernetes);
  const version = file.spec?.kubernetes?.version;
  if (version === undefined || knownVersions.includes(version)) return [];
  const meant = suggest(version, knownVersions);
  return [
    {
      code: 'version-unknown',
      path: ['spec', 'kubernetes', 'version'],
      message: `Kubernetes ${version} is not known`,
      fix: meant === undefined ? `write one of ${knownVersions.join(', ')}` : `write ${meant}; known are ${knownVersions.join(', ')}`,
    },
  ];
};
