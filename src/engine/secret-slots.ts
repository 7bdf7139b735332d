import type { Plan, Slot, SlotId } from '../plan/plan.ts';

/** Tells which slots are secret: all but those that the plan's actions refer to as public only. */
export function secretSlots<A, E, G>(plan: Plan<A, E, G>, slotsOf: (action: A) => readonly Slot[]): (slot: SlotId) => boolean {
  const used = plan.steps.flatMap((step) => step.actions.flatMap((planned) => slotsOf(planned.action)));
  const secret = new Set(used.filter((slot) => slot.secret).map((slot) => slot.slot));
  const open = new Set(used.map((slot) => slot.slot).filter((slot) => !secret.has(slot)));
  return (slot) => !open.has(slot);
}
