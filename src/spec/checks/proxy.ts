import type { Check } from './check.ts';

/** A proxy has a URL. */
export const checkProxy: Check = (file, { isRefused }) => {
  const proxy = file.spec?.proxy;
  if (proxy === undefined || proxy.httpProxy !== undefined || proxy.httpsProxy !== undefined) return [];
  if (isRefused(['spec', 'proxy', 'httpProxy']) || isRefused(['spec', 'proxy', 'httpsProxy'])) return [];
  return [{ code: 'proxy-empty', path: ['spec', 'proxy'], at: 'key', message: 'spec.proxy has neither httpProxy nor httpsProxy' }];
};
