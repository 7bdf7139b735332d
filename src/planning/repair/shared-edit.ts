import { configMapEntry, configMapEntryKey } from '../../actions/kinds/config-map-entry.ts';
import type { Need } from '../../plan/plan.ts';
import type { SharedPlace } from '../../rules/audit/repair.ts';
import { CONTROL_PLANES, goal } from '../step-types.ts';
import type { ByHand, RepairScene } from './repair-scene.ts';
import { restartDigest, restartOfWorkload } from './restart-workload.ts';

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
  /** The workload whose pods have read it: they are started anew in the same step. */
  readonly restarts?: string;
}

/** Drafts a change of shared state, through any control plane. Entries are read as the steps before leave them; each is changed once in a step. */
export function planSharedEdit({ board, byHand }: RepairScene, { id, title, needs = [], edits, restarts }: SharedStep): void {
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
  const digest = restartDigest(changed.map(({ text }) => text));
  const due = restarts === undefined ? {} : { restartDue: { workload: restarts, digest } };
  const actions = changed.map(({ first: { configMap, key }, was, text }) => goal({ ...configMapEntry({ configMap, key, was, text }, (each) => board.texts.add(each)), ...due }));
  board.add({ id, title, on: { anyOf: CONTROL_PLANES }, needs, actions: [...actions, ...(restarts === undefined ? [] : restartOfWorkload(restarts, digest))] });
}
