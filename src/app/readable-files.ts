import { accessSync, constants, statSync } from 'node:fs';
import type { SshFile } from '../spec/load-cluster.ts';
import { systemWords } from '../util/system-words.ts';

/** Why ssh could not use a file; undefined where it can. Of a key in an agent the public half is enough. */
export function whyUnreadable(path: string, kind: SshFile): string | undefined {
  const why = whyNoFile(path);
  return kind === 'identityFile' && why !== undefined && whyNoFile(`${path}.pub`) === undefined ? undefined : why;
}

function whyNoFile(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory() ? 'it is a directory' : undefined;
  } catch (cause) {
    return systemWords(cause);
  }
}
