import { fileKey, platformKey } from '../../facts/keys.ts';
import type { View } from '../../facts/snapshot.ts';
import type { Reading } from '../../plan/fact.ts';
import type { FileFact } from '../../facts/host-facts.ts';
import type { Content } from '../../plan/plan.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind, Progress } from '../kind.ts';
import { inputWords, inputsOf } from '../kind.ts';
import { withFile } from '../predict.ts';

/** What lay there when the plan was made; the action fails as drifted when the host shows something else. */
export type FileWas = { readonly absent: true } | { readonly sha256: string; readonly text?: string } | HiddenWas;

/**
 * Of a file that may hold a secret, whose digest would tell a short one to who guesses: neither digest nor text is told, and no copy is kept. `isAsWanted`: what lay there was found to be
 * the content, its slots resolved, before the plan was made; of a content without slots the facts tell.
 */
export interface HiddenWas {
  readonly hidden: true;
  readonly isAsWanted: boolean;
}

/** A regular file with these bytes, mode and owner, written whole by rename. */
export interface FileAction {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly content: Content;
  readonly was: FileWas;
  /** What lay there before may hold another's credentials: its text stays on the host. */
  readonly isPrivate?: true;
}

/** The action for a file, with what lies there now as the observation saw it. A link or directory in its place counts as absent and is refused by the host. */
export function fileAction(wanted: Omit<FileAction, 'kind' | 'was'>, now: FileFact | undefined): FileAction {
  const was: FileWas = now?.type === 'file' ? { sha256: now.sha256, ...(now.text !== undefined && { text: now.text }) } : { absent: true };
  return { kind: 'file', ...wanted, was };
}

function textDigest(content: Content): string | undefined {
  const inputs = inputsOf(content);
  const [only] = inputs;
  return inputs.length === 1 && only !== undefined && 'text' in only ? only.text : undefined;
}

/** An answer only: what is read is written down beside the plan. */
const isWrittenKey = ({ path, mode, owner, content }: FileAction) =>
  platformKey(`whether ${path} is as wanted`, ({ files }) => {
    const fact = files[path];
    if (fact?.type === 'later') return true;
    return fact?.type === 'file' && fact.sha256 === textDigest(content) && fact.mode === mode && fact.owner === owner;
  });

function hiddenProgress(action: FileAction, { isAsWanted }: HiddenWas, reading: Reading<View>): Progress {
  const fact = reading.read(isWrittenKey(action));
  if (fact.state !== 'known') return 'unknown';
  return isAsWanted || fact.value ? 'done' : 'absent';
}

export const file: Kind<FileAction> = {
  words: ({ path }) => `write ${path}`,
  details: ({ path, mode, owner, content, was }) => ({
    file: { path, mode, owner, content, ...('text' in was && was.text !== undefined && { before: was.text }) },
    ...(textDigest(content) === undefined && { knownAfter: 'holds values that exist only during the run' }),
  }),
  probes: ({ path, isPrivate, was }) => [{ probe: 'file', path, text: isPrivate !== true && !('hidden' in was) }],
  progress: (action, reading) => {
    const { path, mode, owner, content, was } = action;
    if ('hidden' in was) return hiddenProgress(action, was, reading);
    const fact = reading.read(fileKey(path));
    if (fact.state !== 'known') return 'unknown';
    const digest = textDigest(content);
    const { value } = fact;
    if (digest === undefined && value.type === 'later') return 'done';
    return value.type === 'file' && value.sha256 === digest && value.mode === mode && value.owner === owner ? 'done' : 'absent';
  },
  script: ({ path, mode, owner, content, was }) => {
    const gathered = `cat ${inputWords(content)} > "$KW_IN/new"`;
    const shell =
      'hidden' in was
        ? [`(umask 077; ${gathered})`, command('kw_put_secret', path, mode, owner)]
        : [command('kw_expect', path, 'absent' in was ? 'absent' : was.sha256), gathered, command('kw_put', path, mode, owner)];
    return { shell: shell.join('\n'), inputs: inputsOf(content) };
  },
  predict: ({ path, mode, owner, content }, view) => {
    const digest = textDigest(content);
    return withFile(view, path, digest === undefined ? { type: 'later', after: quote(path) } : { type: 'file', sha256: digest, sizeBytes: 0, mode, owner });
  },
};
