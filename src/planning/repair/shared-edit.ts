import { configMapEntry, configMapEntryKey } from '../../actions/kinds/config-map-entry.ts';
import { foreign } from '../../model/foreign.ts';
import type { Foreign } from '../../model/foreign.ts';
import type { ClusterScoped } from '../../model/scope.ts';
import type { Need } from '../../plan/plan.ts';
import { holdsCredential } from '../../facts/audit/credentials.ts';
import { passForeign } from '../../rules/audit/pass-foreign.ts';
import type { SharedPlace } from '../../rules/audit/repair.ts';
import { CONTROL_PLANES, goal } from '../step-types.ts';
import type { ByHand, RepairScene } from './repair-scene.ts';
import { restartDigest, restartOfWorkload, rolloutObstacle } from './restart-workload.ts';

type Entry = Pick<SharedPlace, 'configMap' | 'key'>;

/** A change of one entry of a ConfigMap. */
export interface EntryEdit extends Entry {
  /** Undefined where the text does not let itself be changed. */
  readonly edit: (text: Foreign) => string | undefined;
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

/** An entry as the step leaves it, if it may be written. */
interface Change extends Entry {
  readonly was: Foreign;
  readonly text: ClusterScoped<string>;
}

/** Drafts a change of shared state, through any control plane. Entries are read as the steps before leave them; each is changed once in a step. */
export function planSharedEdit(scene: RepairScene, { id, title, needs = [], edits, restarts }: SharedStep): void {
  const { board } = scene;
  const entries = new Map(edits.map(({ configMap, key }) => [`${configMap} ${key}`, { configMap, key }] as const));
  const changes = [...entries.values()].flatMap((entry) =>
    changeOf(
      scene,
      entry,
      edits.filter(({ configMap, key }) => configMap === entry.configMap && key === entry.key),
    ),
  );
  if (changes.length === 0) return;
  const obstacle = restarts === undefined ? undefined : rolloutObstacle(scene, restarts);
  if (obstacle !== undefined) return board.refuse(id, undefined, obstacle);
  const digest = restartDigest(changes.map(({ text }) => text));
  const due = restarts === undefined ? {} : { restartDue: { workload: restarts, digest } };
  const actions = changes.map((change) => goal({ ...configMapEntry(change, (each) => board.texts.add(each)), ...due }));
  board.add({ id, title, on: { anyOf: CONTROL_PLANES }, needs, actions: [...actions, ...(restarts === undefined ? [] : restartOfWorkload(restarts, digest))] });
}

/** All edits of one entry, one after another; what the flag table does not let into shared state is left to a person, with why. */
function changeOf({ board, view, byHand }: RepairScene, entry: Entry, edits: readonly EntryEdit[]): readonly Change[] {
  const was = board.read(undefined, configMapEntryKey(entry.configMap, entry.key));
  const { text, made } = edited(was, edits);
  byHand.push(...edits.filter((edit) => !made.includes(edit)).flatMap((edit) => edit.byHand));
  if (was === undefined || text === undefined || text === was) return [];
  const passage = passForeign(view, entry, text);
  // What stood there is part of the plan too: a credential that an edit takes out would be shown all the same.
  const why = passage.state === 'refused' ? passage.why : holdsCredential(was) ? [`${entry.key} of ConfigMap ${entry.configMap} holds a password, a token or a key`] : [];
  if (passage.state === 'passed' && why.length === 0) return [{ ...entry, was, text: passage.text }];
  byHand.push(...made.flatMap((edit) => edit.byHand).map(({ code, steps }) => ({ code, steps: [`nothing is written for you: ${why.join('; ')}`, ...steps] })));
  return [];
}

function edited(was: Foreign | undefined, edits: readonly EntryEdit[]): { readonly text: Foreign | undefined; readonly made: readonly EntryEdit[] } {
  let text = was;
  const made: EntryEdit[] = [];
  for (const each of edits) {
    const next = text === undefined ? undefined : each.edit(text);
    if (next === undefined) continue;
    text = foreign(next);
    made.push(each);
  }
  return { text, made };
}
