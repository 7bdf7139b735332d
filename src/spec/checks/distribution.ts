import type { Check } from './check.ts';

/** A mirror is for machines that fetch. */
export const checkDistribution: Check = (file, { isRefused }) => {
  const distribution = file.spec?.distribution;
  if (distribution?.mirror === undefined || distribution.mode === 'pull' || isRefused(['spec', 'distribution', 'mode'])) return [];
  return [{ code: 'mirror-unused', path: ['spec', 'distribution', 'mirror'], at: 'key', message: 'spec.distribution has a mirror, and machines fetch nothing' }];
};
