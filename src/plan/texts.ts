import { compareStrings } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import type { Content, Slot, TextRef } from './plan.ts';

/** Collects the texts of a plan: each kept once, under its sha256. */
export interface Texts {
  readonly all: () => Readonly<Record<string, string>>;
  add(text: string): TextRef;
  /** The content of a file from texts and slots in order, as a template reads; neighbouring texts become one. */
  contentOf(...parts: readonly (string | Slot<'text'>)[]): readonly (TextRef | Slot<'text'>)[];
}

/** Starts an empty collection of texts. */
export function collectTexts(): Texts {
  const texts = new Map<string, string>();
  // Most nodes are given the same files: each text is digested once.
  const refs = new Map<string, TextRef>();
  const add = (text: string): TextRef => {
    const ref = refs.get(text) ?? { text: sha256(text) };
    refs.set(text, ref);
    texts.set(ref.text, text);
    return ref;
  };
  return {
    add,
    all: () => Object.fromEntries([...texts].sort(([a], [b]) => compareStrings(a, b))),
    contentOf: (...parts) => joinTexts(parts).map((part) => (typeof part === 'string' ? add(part) : part)),
  };
}

/** The texts that a content refers to. */
export function textsOfContent(content: Content): readonly TextRef[] {
  return 'slot' in content ? [] : content.filter((part) => 'text' in part);
}

/** The slots that a content needs a value for. */
export function slotsOfContent(content: Content): readonly Slot[] {
  return 'slot' in content ? [content] : content.filter((part) => 'slot' in part);
}

function joinTexts(parts: readonly (string | Slot<'text'>)[]): readonly (string | Slot<'text'>)[] {
  const joined: (string | Slot<'text'>)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  return joined;
}
