import type { ProbeRequest } from '../facts/probe-request.ts';
import type { View } from '../facts/snapshot.ts';
import type { Reading } from '../plan/fact.ts';
import type { Content, Slot, TextRef } from '../plan/plan.ts';

/** Exit code of a script whose host no longer shows what the plan was made from. */
export const DRIFTED_EXIT = 75;

/** How far a host is with an action. `partial`: something half-done lies there; `unknown`: what decides could not be seen. */
export type Progress = 'absent' | 'partial' | 'done' | 'unknown';

/** POSIX shell, run with `set -eu`; its inputs lie at `$KW_IN/<inputName>`. */
export interface ActionScript {
  readonly shell: string;
  readonly inputs: readonly (TextRef | Slot)[];
}

/** A file of the artifact cache that the host must hold as a blob before the script runs. */
export interface BlobRef {
  readonly artifact: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What `plan` shows of an action beside its title. */
export interface ActionDetails {
  readonly file?: { readonly path: string; readonly mode: string; readonly owner: string; readonly content: Content; readonly before?: string };
  readonly command?: string;
  readonly restarts?: string;
  readonly knownAfter?: string;
}

/** One kind of action: data plus pure functions. */
export interface Kind<A> {
  readonly words: (action: A) => string;
  readonly details: (action: A) => ActionDetails;
  readonly probes: (action: A) => readonly ProbeRequest[];
  readonly progress: (action: A, reading: Reading<View>) => Progress;
  readonly script: (action: A) => ActionScript;
  readonly blobs?: (action: A) => readonly BlobRef[];
  readonly provides?: (action: A) => readonly Slot[];
  /** Facts after the action, where they can be told before it. */
  readonly predict: (action: A, view: View) => View;
}

/** Name of an input's file in `$KW_IN`. */
export function inputName(input: TextRef | Slot): string {
  return 'text' in input ? `text-${input.text}` : `slot-${input.slot.replaceAll('/', '_')}`;
}

/** `"$KW_IN/..." "$KW_IN/..."`: the pieces of a content, for `cat`. */
export function inputWords(content: Content): string {
  return inputsOf(content)
    .map((input) => `"$KW_IN/${inputName(input)}"`)
    .join(' ');
}

export function inputsOf(content: Content): readonly (TextRef | Slot)[] {
  return 'slot' in content ? [content] : content;
}
