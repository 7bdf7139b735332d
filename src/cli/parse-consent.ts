import type { Consent } from '../app/preflight.ts';
import { AppError } from '../errors/app-error.ts';

const FORM = /^([a-z][a-z0-9-]*)(?:=([a-z0-9][-a-z0-9.]*))?$/;

/** Reads `CODE` or `CODE=NODE`. Throws `usage`. */
export function parseConsent(input: string): Consent {
  const [, code, node] = FORM.exec(input) ?? [];
  if (code === undefined) throw new AppError('usage', 'it is not of the form CODE or CODE=NODE');
  return { code, ...(node !== undefined && { node }) };
}
