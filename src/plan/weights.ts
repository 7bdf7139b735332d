import type { Step } from './plan.ts';

/** How many steps wait for each, through others too: what holds up most is what a scarce thing should be given to first. */
export function countDependants(steps: readonly Pick<Step<unknown, unknown, unknown>, 'id' | 'needs'>[]): ReadonlyMap<string, number> {
  const behind = new Map(steps.map(({ id }) => [id, new Set<string>()] as const));
  // A step stands after those that it needs: from the last on, everything behind a step is complete before it is handed on.
  for (const { id, needs } of [...steps].reverse()) {
    for (const { step } of needs) {
      const set = behind.get(step);
      set?.add(id);
      for (const further of behind.get(id) ?? []) set?.add(further);
    }
  }
  return new Map([...behind].map(([id, set]) => [id, set.size]));
}
