import { fileKey } from '../../facts/keys.ts';
import { command } from '../../shell/quote.ts';
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
}

const storePath = ({ path, blob }: ProgramAction): string => `${STORE_DIR}/${blob.sha256}/${path.split('/').at(-1) ?? ''}`;

export const program: Kind<ProgramAction> = {
  words: ({ path, version }) => `install ${path} ${version}`,
  details: (action) => ({ command: command('ln', '-sfn', storePath(action), action.path) }),
  probes: ({ path }) => [{ probe: 'file', path, text: false }],
  progress: (action, reading) => {
    const fact = reading.read(fileKey(action.path));
    if (fact.state !== 'known') return 'unknown';
    const { value } = fact;
    return value.type === 'link' && value.target === storePath(action) && value.targetSizeBytes === action.blob.sizeBytes ? 'done' : 'absent';
  },
  script: (action) => ({ shell: command('kw_program', `${BLOB_DIR}/${action.blob.sha256}`, action.blob.sha256, storePath(action), action.path), inputs: [] }),
  blobs: ({ blob }) => [blob],
  predict: (action, view) => withFile(view, action.path, { type: 'link', target: storePath(action), targetSizeBytes: action.blob.sizeBytes }),
};
