import type { PlanStepJson } from '../contract/plan.ts';

/** A node, or "any of a pool", with its steps in the order of the plan. */
export interface Place {
  readonly label: string;
  /** The node; absent for a pool. */
  readonly node?: string;
  readonly steps: readonly PlanStepJson[];
}

/** Where a plan's steps run, in the order in which the plan first names each place. */
export function placesOf(steps: readonly PlanStepJson[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const step of steps) {
    const place = 'lane' in step.on ? { label: step.on.lane, node: step.on.lane } : { label: `any of ${step.on.anyOf}` };
    const before = places.get(place.label)?.steps ?? [];
    places.set(place.label, { ...place, steps: [...before, step] });
  }
  return [...places.values()];
}

/** Nodes that show the same, but for their name and their own values, together; in order of their first. */
export function groupEqual(
  places: readonly Place[],
  show: (place: Place) => string,
  ownValues: Readonly<Record<string, readonly string[]>>,
): readonly (readonly [Place, ...Place[]])[] {
  const groups = new Map<string, [Place, ...Place[]]>();
  for (const place of places) {
    const key = place.node === undefined ? place.label : withoutOwn(show(place), [place.node, ...(ownValues[place.node] ?? [])]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  }
  return [...groups.values()];
}

/** Whole words only: `w-1` is not part of `w-10`, nor `10.0.0.1` of `10.0.0.11`. */
function withoutOwn(text: string, own: readonly string[]): string {
  return own.reduce((left, value, index) => left.replaceAll(new RegExp(String.raw`(?<![\w.-])${escapeForRegExp(value)}(?![\w-]|\.\w)`, 'g'), `\0${index}`), text);
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
