import { configMapEntry, configMapEntryKey } from '../../actions/kinds/config-map-entry.ts';
import type { Need, Planned } from '../../plan/plan.ts';
import type { Action } from '../../actions/action.ts';
import type { SharedPlace } from '../../rules/audit/repair.ts';
import { CONTROL_PLANES, goal } from '../step-types.ts';
import type { ByHand, RepairScene } from './repair-scene.ts';

/** A change of one entry of a ConfigMap. */
export interface EntryEdit extends Pick<SharedPlace, 'configMap' | 'key'> {
  /** Undefined where the text does not let itself be changed. */
  readonly edit: (text: string) => string | undefined;
  /** What a person does then. */
  readonly byHand: readonly ByHand[];
}

export interface SharedStep {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly Need[];
  readonly edits: readonly EntryEdit[];
  /** What follows in the same step, such as the restart of those that have read it. */
  readonly follow?: (texts: readonly string[]) => readonly Planned<Action>[];
}

/** Drafts a change of shared state, through any control plane. Entries are read as the steps before leave them; each is changed once in a step. */
export function planSharedEdit({ board, byHand }: RepairScene, { id, title, needs = [], edits, follow = () => [] }: SharedStep): void {
  const changes = new Map<string, { readonly first: EntryEdit; readonly was: string; readonly text: string }>();
  for (const each of edits) {
    const place = `${each.configMap} ${each.key}`;
    const now = changes.get(place);
    const was = now?.was ?? board.read(undefined, configMapEntryKey(each.configMap, each.key));
    const text = was === undefined ? undefined : each.edit(now?.text ?? was);
    if (was === undefined || text === undefined) byHand.push(...each.byHand);
    else changes.set(place, { first: now?.first ?? each, was, text });
  }
  const changed = [...changes.values()].filter(({ was, text }) => was !== text);
  if (changed.length === 0) return;
  const actions = changed.map(({ first: { configMap, key }, was, text }) => goal(configMapEntry({ configMap, key, was, text }, (each) => board.texts.add(each))));
  board.add({ id, title, on: { anyOf: CONTROL_PLANES }, needs, actions: [...actions, ...follow(changed.map(({ text }) => text))] });
}
