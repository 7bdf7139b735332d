import type { Content, Slot } from '../../plan/plan.ts';
import type { Texts } from '../../plan/texts.ts';

/** A document's text with each mark replaced by its slot. Marks are words that occur nowhere else in the document. */
export function withSlots(texts: Texts, text: string, slots: Readonly<Record<string, Slot<'text'>>>): Content {
  const marks = new RegExp(`(${Object.keys(slots).join('|')})`);
  return texts.contentOf(...text.split(marks).map((part) => slots[part] ?? part));
}
