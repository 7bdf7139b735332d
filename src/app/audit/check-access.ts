import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { AppError } from '../../errors/app-error.ts';
import { systemWords } from '../../util/system-words.ts';
import type { AuditAccess } from './open-audit.ts';

/** Files that ssh would be given, before anything is dialled: of one that is not there ssh says nothing, only that the machine is a stranger or refuses the login. Throws `local-file`. */
export async function checkAccessFiles({ identityFile, knownHostsFile }: Pick<AuditAccess, 'identityFile' | 'knownHostsFile'>): Promise<void> {
  if (knownHostsFile !== undefined) await checkReadable('--known-hosts', [knownHostsFile]);
  // Of a key in an agent the public half is enough.
  if (identityFile !== undefined) await checkReadable('--identity-file', [identityFile, `${identityFile}.pub`]);
}

/** One of them will do. */
async function checkReadable(flag: string, [path, ...others]: readonly [string, ...string[]]): Promise<void> {
  const why = await whyUnreadable(path);
  if (why === undefined) return;
  for (const other of others) if ((await whyUnreadable(other)) === undefined) return;
  throw new AppError('local-file', `${flag} ${path} cannot be read: ${why}; no machine was asked`, {
    hint: "name a file that you may read, or leave the flag out: then ssh's own configuration counts",
  });
}

async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    return (await stat(path)).isDirectory() ? 'it is a directory' : undefined;
  } catch (cause) {
    return systemWords(cause);
  }
}
