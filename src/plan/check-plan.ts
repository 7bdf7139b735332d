import type { Plan, Slot, SlotId, Step, TextRef } from './plan.ts';

/** One reason why a plan may not run: always a defect of the planner that made it. */
export interface PlanProblem {
  readonly step: string;
  readonly problem: string;
}

/** What an action refers to: only the caller knows its shape. */
export interface References<A> {
  readonly slotsOf: (action: A) => readonly Slot[];
  readonly textsOf: (action: A) => readonly TextRef[];
}

/** Everything wrong with a plan; empty when it is well-formed. Slots and cycles are looked at once ids and needs are right. `given`: slots whose values the run brings along. */
export function checkPlan<A, E, G>(plan: Plan<A, E, G>, references: References<A>, given: ReadonlySet<SlotId> = new Set()): readonly PlanProblem[] {
  const problems = [...checkIds(plan.steps), ...checkNeeds(plan.steps), ...checkTexts(plan, references)];
  if (problems.length > 0) return problems;
  const ordered = orderSteps(plan.steps);
  const settled = new Set(ordered);
  const looped = plan.steps.filter((step) => !settled.has(step));
  if (looped.length > 0) return looped.map((step) => ({ step: step.id, problem: 'waits for itself through its needs' }));
  return [...checkProviders(plan.steps), ...checkSlots(ordered, references, given)];
}

function checkIds(steps: readonly Step<unknown, unknown, unknown>[]): readonly PlanProblem[] {
  const seen = new Set<string>();
  return steps.flatMap(({ id }) => {
    if (seen.has(id)) return [{ step: id, problem: 'has the id of another step' }];
    seen.add(id);
    return [];
  });
}

function checkNeeds(steps: readonly Step<unknown, unknown, unknown>[]): readonly PlanProblem[] {
  const ids = new Set(steps.map((step) => step.id));
  return steps.flatMap((step) => step.needs.filter((need) => !ids.has(need.step)).map((need) => ({ step: step.id, problem: `needs ${need.step}, which is no step of the plan` })));
}

function checkTexts<A, E, G>(plan: Plan<A, E, G>, { textsOf }: References<A>): readonly PlanProblem[] {
  return plan.steps.flatMap((step) => {
    const texts = step.actions.flatMap((planned) => textsOf(planned.action));
    return texts.filter(({ text }) => !Object.hasOwn(plan.texts, text)).map(({ text }) => ({ step: step.id, problem: `refers to text ${text}, which the plan does not have` }));
  });
}

function checkProviders(steps: readonly Step<unknown, unknown, unknown>[]): readonly PlanProblem[] {
  const provider = new Map<SlotId, string>();
  return steps.flatMap((step) =>
    step.provides.flatMap((slot) => {
      const other = provider.get(slot);
      provider.set(slot, step.id);
      return other === undefined ? [] : [{ step: step.id, problem: `provides ${slot}, which ${other} provides too` }];
    }),
  );
}

/** A slot has a value for certain only if the step that provides it succeeded before: `finished` promises nothing. */
function checkSlots<A>(ordered: readonly Step<A, unknown, unknown>[], { slotsOf }: References<A>, given: ReadonlySet<SlotId>): readonly PlanProblem[] {
  const providedAfter = new Map<string, ReadonlySet<SlotId>>();
  return ordered.flatMap((step) => {
    const before = new Set(step.needs.filter((need) => need.when === 'succeeded').flatMap((need) => [...(providedAfter.get(need.step) ?? [])]));
    providedAfter.set(step.id, new Set([...before, ...step.provides]));
    const missing = new Set(step.actions.flatMap((planned) => slotsOf(planned.action).map(({ slot }) => slot)).filter((slot) => !before.has(slot) && !given.has(slot)));
    return [...missing].map((slot) => ({ step: step.id, problem: `uses ${slot}, which no step that it needs provides` }));
  });
}

/** Steps in an order that their needs allow; those in or behind a cycle are left out. */
function orderSteps<S extends Step<unknown, unknown, unknown>>(steps: readonly S[]): readonly S[] {
  const open = new Map(steps.map((step) => [step.id, new Set(step.needs.map((need) => need.step)).size]));
  const dependants = new Map<string, S[]>();
  for (const step of steps) {
    for (const need of new Set(step.needs.map(({ step: id }) => id))) {
      const others = dependants.get(need);
      if (others === undefined) dependants.set(need, [step]);
      else others.push(step);
    }
  }
  const ordered = steps.filter((step) => open.get(step.id) === 0);
  // Grows while it is walked: each step frees those that needed it last.
  for (const step of ordered) {
    for (const next of dependants.get(step.id) ?? []) {
      const left = (open.get(next.id) ?? 0) - 1;
      open.set(next.id, left);
      if (left === 0) ordered.push(next);
    }
  }
  return ordered;
}
