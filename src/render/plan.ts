import type { PlanActionJson, PlanJson, PlanStepJson } from '../contract/plan.ts';
import { count } from '../util/count.ts';
import { fileLines } from './file-diff.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';
import type { Place } from './plan-places.ts';
import { groupEqual, placesOf } from './plan-places.ts';

const NEEDS_SHOWN = 4;

export interface PlanView {
  readonly paint: Paint;
  /** Values that are each node's own (addresses): nodes that differ in nothing else are shown as a group. */
  readonly ownValues?: Readonly<Record<string, readonly string[]>>;
  /** What is as it shall be where there are no steps. */
  readonly nothing?: string;
  /** Whether something could not be planned, which is told elsewhere. */
  readonly isPartial?: boolean;
}

/** A plan for people: per node, in order, what happens and why; nodes with equal work once. Ends with a newline. */
export function renderPlan(plan: PlanJson, { paint, ownValues = {}, nothing = 'all is as the cluster file says', isPartial = false }: PlanView): string {
  const groups = groupEqual(placesOf(plan.steps), (place) => blockLines(place, plan, paint).join('\n'), ownValues);
  const blocks = groups.map((group) => [heading(group, paint), ...blockLines(group[0], plan, paint)].join('\n'));
  return `${[...blocks, summary(plan, isPartial ? 'for what could be seen' : nothing)].join('\n\n')}\n`;
}

/** `12 steps on 4 nodes`. Steps of a pool run on one of these or another node. */
function summary({ steps }: PlanJson, nothing: string): string {
  if (steps.length === 0) return `nothing to do: 0 steps, ${nothing}`;
  const nodes = new Set(steps.flatMap(({ on }) => ('lane' in on ? [on.lane] : [])));
  return `${count(steps.length, 'step')} ${nodes.size === 0 ? 'through any healthy control plane' : `on ${count(nodes.size, 'node')}`}`;
}

function heading(group: readonly [Place, ...Place[]], paint: Paint): string {
  const [first, ...others] = group;
  if (others.length === 0) return paint.bold(first.label);
  return `${paint.bold(group.map(({ label }) => label).join(', '))}\n  ${paint.dim(`equal work on ${count(group.length, 'node')}; shown as on ${first.label}`)}`;
}

function blockLines(place: Place, plan: PlanJson, paint: Paint): readonly string[] {
  return place.steps.flatMap((step, index) => stepLines(step, `${index + 1}.`, { place, plan, paint }));
}

interface Context {
  readonly place: Place;
  readonly plan: PlanJson;
  readonly paint: Paint;
}

function stepLines(step: PlanStepJson, number: string, context: Context): readonly string[] {
  const { paint } = context;
  const inner = [
    `why: ${harmless(step.why)}`,
    ...needsLine(step, context),
    ...(step.gates ?? []).map((gate) => `only if: ${harmless(gate)}`),
    ...step.actions.flatMap((action) => actionLines(action, context)),
  ];
  const indent = ' '.repeat(number.length + 1);
  return [`  ${number} ${harmless(step.title)}  ${paint.dim(step.id)}`, ...inner.map((line) => `  ${indent}${line}`)];
}

/** What of other nodes it waits for; its own node's steps stand above it. */
function needsLine(step: PlanStepJson, { place }: Context): readonly string[] {
  const own = new Set(place.steps.map(({ id }) => id));
  const others = step.needs.filter(({ step: id }) => !own.has(id)).map(({ step: id, when }) => (when === 'finished' ? `${id} (however it ends)` : id));
  if (others.length === 0) return [];
  const more = others.length - NEEDS_SHOWN;
  return [`after: ${others.slice(0, NEEDS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

function actionLines(action: PlanActionJson, { plan, paint }: Context): readonly string[] {
  const details = [
    ...(action.file === undefined ? [] : fileLines(action.file, plan.texts, paint)),
    ...(action.command === undefined ? [] : action.command.split('\n').map((line) => `$ ${harmless(line)}`)),
    ...(action.restarts === undefined ? [] : [paint.yellow(`restarts ${harmless(action.restarts)}`)]),
    ...(action.knownAfter === undefined ? [] : [paint.dim(`known after it: ${harmless(action.knownAfter)}`)]),
  ];
  return [`- ${harmless(action.title)}`, ...details.map((line) => `    ${line}`)];
}
