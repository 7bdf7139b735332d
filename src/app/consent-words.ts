import type { Consent } from './preflight.ts';

/** The command line's form of a consent. */
export function wordsOfConsent({ code, node }: Consent): string {
  return node === undefined ? code : `${code}=${node}`;
}
