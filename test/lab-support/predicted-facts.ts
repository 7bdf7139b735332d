import { inputName, inputsOf } from '../../src/actions/kind.ts';
import { kindOf } from '../../src/actions/kinds.ts';
import type { Action } from '../../src/actions/action.ts';
import type { View } from '../../src/facts/snapshot.ts';
import { STARTED_LATER } from '../../src/facts/unit-inputs.ts';
import type { Fact, FactKey, Reading } from '../../src/plan/fact.ts';
import { sha256 } from '../../src/util/sha256.ts';

/** Facts that others change while a step runs: whether they are as wanted is asked of the action alone. */
const CHANGED_BY_OTHERS: Partial<Record<Action['kind'], string>> = { 'node-settings': 'the kubelet and the controllers label and taint nodes too' };

/** The facts of a host, or of the cluster, as the actions of a step will have left them: what planners go on from. */
export function predictAll(actions: readonly Action[], before: View): View {
  return actions.reduce((view, action) => kindOf(action).predict(view), before);
}

/**
 * Holds what a goal was predicted to leave against what is there: it must be done in both, and each fact that its kind reads must be the same. Gives what differs, a line each.
 * `inputs`: what the step's script was given, by name.
 */
export function predictionErrors(
  action: Action,
  { predicted, after }: { readonly predicted: View; readonly after: View },
  inputs: ReadonlyMap<string, Uint8Array> = new Map(),
): readonly string[] {
  const expected = readingOf(predicted);
  const seen = readingOf(after);
  const progress = { predicted: kindOf(action).progress(expected.reading), seen: kindOf(filledIn(action, inputs)).progress(seen.reading) };
  const undone = Object.entries(progress).flatMap(([where, state]) => (state === 'done' ? [] : [`${kindOf(action).words()}: ${state} in the facts that were ${where}`]));
  const differing = action.kind in CHANGED_BY_OTHERS ? [] : [...expected.answers].filter(([key, answer]) => !isSame(answer, seen.answers.get(key)));
  return [...undone, ...differing.map(([key, answer]) => `${kindOf(action).words()}: ${key}: predicted ${answer}, found ${seen.answers.get(key)}`)];
}

/** A file that holds values of the run has a digest only now. */
function filledIn(action: Action, inputs: ReadonlyMap<string, Uint8Array>): Action {
  if (action.kind !== 'file') return action;
  const parts = inputsOf(action.content).map((input) => inputs.get(inputName(input)));
  return parts.includes(undefined) ? action : { ...action, content: [{ text: sha256(Buffer.concat(parts.filter((part) => part !== undefined))) }] };
}

/** Answers that are known only after a step, as they are predicted: then anything that is there will do. */
const KNOWN_LATER = new Set(['later', STARTED_LATER, "the distribution's"]);
const NOT_THERE = new Set(['', 'absent', 'not installed', 'unknown', 'unreachable']);

function isSame(predicted: string, found: string | undefined): boolean {
  return KNOWN_LATER.has(predicted) ? found !== undefined && !NOT_THERE.has(found) : predicted === found;
}

/** Reads a view and keeps each answer in the words of its key. */
function readingOf(view: View): { readonly reading: Reading<View>; readonly answers: ReadonlyMap<string, string> } {
  const answers = new Map<string, string>();
  const read = <T>(key: FactKey<View, T>): Fact<T> => {
    const fact = key.pick(view);
    answers.set(key.key, fact.state === 'known' ? key.show(fact.value) : fact.state);
    return fact;
  };
  return { reading: { read }, answers };
}
