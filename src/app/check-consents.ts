import { AppError } from '../errors/app-error.ts';
import type { Cluster } from '../model/cluster.ts';
import { preflightRules } from '../rules/preflight/preflight-rules.ts';
import { wordsOfConsent } from './consent-words.ts';
import type { Consent, Consents } from './preflight.ts';

const SHOWN = 10;

/** Of preflight's rules. */
export function checkCodes(): readonly string[] {
  return preflightRules.map(({ code }) => code);
}

/** Refuses consents that name no check, or a node that the file does not have, before anything is looked at. Throws `usage`. */
export function checkConsents(cluster: Pick<Cluster, 'nodes'>, { allowed }: Consents = { allowed: [] }): void {
  const codes = checkCodes();
  const unknownCode = allowed.find(({ code }) => !codes.includes(code));
  if (unknownCode !== undefined)
    throw new AppError('usage', `no check has the code ${JSON.stringify(unknownCode.code)}`, { hint: 'take the code that the report shows, or one of these', details: [...codes] });
  checkConsentedNodes(cluster, allowed);
}

/** A consent to what happens to a node that is not there means another one. Throws `usage`. */
export function checkConsentedNodes({ nodes }: Pick<Cluster, 'nodes'>, allowed: readonly Consent[]): void {
  const names: readonly string[] = nodes.map(({ name }) => name);
  const strange = allowed.find(({ node }) => node !== undefined && !names.includes(node));
  if (strange === undefined) return;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  throw new AppError('usage', `--allow ${wordsOfConsent(strange)} names no node of the cluster file`, { hint: `its nodes are ${names.slice(0, SHOWN).join(', ')}${more}` });
}
