import { fileKey } from '../../facts/keys.ts';
import { command, quote } from '../../shell/quote.ts';
import type { FetchRef } from '../fetch-shell.ts';
import { fetchCall, fetchCommand } from '../fetch-shell.ts';
import { BLOB_DIR, STORE_DIR } from '../../shell/remote-paths.ts';
import type { BlobRef, Kind } from '../kind.ts';
import { withFile } from '../predict.ts';

/** A program from the artifact cache: kept under its digest, reached by a link, so that an upgrade is one rename. */
export interface ProgramAction {
  readonly kind: 'program';
  /** Where it is called from, such as `/usr/local/bin/kubelet`. */
  readonly path: string;
  readonly version: string;
  readonly blob: BlobRef;
  /** The machine fetches it itself; without it, it is sent. */
  readonly fetch?: FetchRef;
}

const storePath = ({ path, blob }: ProgramAction): string => `${STORE_DIR}/${blob.sha256}/${path.split('/').at(-1) ?? ''}`;

/** Fetches what is not here with the very bytes: after a power cut a file may be empty, or another. */
function fetchShell(fetch: FetchRef, sha256: string, { blob, stored }: { readonly blob: string; readonly stored: string }): string {
  const has = (path: string): string => `{ [ -f ${quote(path)} ] && [ "$(kw_sha ${quote(path)})" = ${sha256} ]; }`;
  return `if ! ${has(blob)}; then rm -f ${quote(blob)}; if ! ${has(stored)}; then ${fetchCall(fetch)}; fi; fi`;
}

export const program: Kind<ProgramAction> = {
  words: ({ path, version }) => `install ${path} ${version}`,
  details: (action) => ({ command: [...(action.fetch === undefined ? [] : [fetchCommand(action.fetch)]), command('ln', '-sfn', storePath(action), action.path)].join('; ') }),
  probes: ({ path }) => [{ probe: 'file', path, text: false }],
  progress: (action, reading) => {
    const fact = reading.read(fileKey(action.path));
    if (fact.state !== 'known') return 'unknown';
    const { value } = fact;
    return value.type === 'link' && value.target === storePath(action) && value.targetSizeBytes === action.blob.sizeBytes ? 'done' : 'absent';
  },
  script: (action) => {
    const blob = `${BLOB_DIR}/${action.blob.sha256}`;
    const fetched = action.fetch === undefined ? [] : [fetchShell(action.fetch, action.blob.sha256, { blob, stored: storePath(action) })];
    return { shell: [...fetched, command('kw_program', blob, action.blob.sha256, storePath(action), action.path)].join('\n'), inputs: [] };
  },
  blobs: ({ blob, fetch }) => (fetch === undefined ? [blob] : []),
  predict: (action, view) => withFile(view, action.path, { type: 'link', target: storePath(action), targetSizeBytes: action.blob.sizeBytes }),
};
