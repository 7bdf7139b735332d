import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import type { AuditComplaint } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';

type Seen = Machine & { readonly facts: MachineFacts };

/** One complaint for each value that two machines share and that must be one machine's own. */
export function sharedByMachines(view: AuditView, words: string, of: (machine: Seen) => readonly string[]): readonly AuditComplaint[] {
  const machines = new Map<string, string[]>();
  for (const machine of seenMachines(view)) {
    for (const value of new Set(of(machine))) if (value !== '') machines.set(value, [...(machines.get(value) ?? []), machine.name]);
  }
  return [...machines].flatMap(([value, names]) => (names.length < 2 ? [] : [{ evidence: [`${words} of ${names.join(' and ')} is ${value}`] }]));
}
