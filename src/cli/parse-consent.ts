import type { Consent } from '../app/preflight.ts';
import { wordsOfConsent } from '../app/consent-words.ts';
import { AppError } from '../errors/app-error.ts';

const FORM = /^([a-z][a-z0-9-]*)(?:=([a-z0-9][-a-z0-9.]*))?$/;

/** Consents for the command that is proposed next, a leading blank for each; not that to the end of a cluster: that one is always given anew. */
export function consentWords(allow: readonly Consent[]): string {
  return allow.flatMap((consent) => (consent.code === 'reset' ? [] : [` --allow ${wordsOfConsent(consent)}`])).join('');
}

/** Reads `CODE` or `CODE=NODE`. Throws `usage`. */
export function parseConsent(input: string): Consent {
  const [, code, node] = FORM.exec(input) ?? [];
  if (code === undefined) throw new AppError('usage', 'it is not of the form CODE or CODE=NODE');
  return { code, ...(node !== undefined && { node }) };
}
