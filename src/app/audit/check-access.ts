import { AppError } from '../../errors/app-error.ts';
import { whyUnreadable } from '../readable-files.ts';
import type { AuditAccess } from './open-audit.ts';

/** Files that ssh would be given, before anything is dialled. Throws `local-file`. */
export function checkAccessFiles({ identityFile, knownHostsFile }: Pick<AuditAccess, 'identityFile' | 'knownHostsFile'>): void {
  if (knownHostsFile !== undefined) refuse('--known-hosts', knownHostsFile, whyUnreadable(knownHostsFile, 'knownHostsFile'));
  if (identityFile !== undefined) refuse('--identity-file', identityFile, whyUnreadable(identityFile, 'identityFile'));
}

function refuse(flag: string, path: string, why: string | undefined): void {
  if (why === undefined) return;
  throw new AppError('local-file', `${flag} ${path} cannot be read: ${why}; no machine was asked`, {
    hint: "name a file that you may read, or leave the flag out: then ssh's own configuration counts",
  });
}
