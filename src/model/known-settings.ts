import type { FieldTypes } from './field-type.ts';
import type { Component, ConfigurationKind } from './flag-table.ts';

/** What the programs of a release take: flags, as their `--help` names them, in order, and fields of configurations. */
export interface KnownSettings {
  readonly flags: Readonly<Record<Component, readonly string[]>>;
  readonly fields: Readonly<Record<ConfigurationKind, FieldTypes>>;
}

interface Change<A> {
  readonly added: A;
  readonly removed: readonly string[];
}

/** How a release differs from the one before it. */
export interface SettingChanges {
  readonly flags: Readonly<Partial<Record<Component, Change<readonly string[]>>>>;
  readonly fields: Readonly<Partial<Record<ConfigurationKind, Change<FieldTypes>>>>;
}

/** A list that is written several names in a line. */
export function names(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}

/** What a release takes, told by what is different. Throws where the release before it shows that this is no change. */
export function changedSettings({ flags, fields }: KnownSettings, changes: SettingChanges): KnownSettings {
  return {
    flags: mapped(flags, (before, component) => {
      const { added, removed } = changes.flags[component] ?? NO_FLAGS;
      checkChange(component, before, { added, removed });
      return [...before.filter((name) => !removed.includes(name)), ...added].sort();
    }),
    fields: mapped(fields, (before, kind) => {
      const { added, removed } = changes.fields[kind] ?? NO_FIELDS;
      checkChange(kind, Object.keys(before), { added: Object.keys(added), removed });
      return { ...Object.fromEntries(Object.entries(before).filter(([name]) => !removed.includes(name))), ...added };
    }),
  };
}

const NO_FLAGS: Change<readonly string[]> = { added: [], removed: [] };
const NO_FIELDS: Change<FieldTypes> = { added: {}, removed: [] };

function checkChange(of: string, before: readonly string[], { added, removed }: Change<readonly string[]>): void {
  const wrong = [...added.filter((name) => before.includes(name)), ...removed.filter((name) => !before.includes(name))];
  if (wrong.length > 0) throw new Error(`no change of ${of}: ${wrong.join(', ')}`);
}

/** What any of these releases takes; there is at least one. */
export function mergedSettings(all: readonly KnownSettings[]): KnownSettings {
  return all.reduce((before, { flags, fields }) => ({
    flags: mapped(before.flags, (known, component) => [...new Set([...known, ...flags[component]])].sort()),
    fields: mapped(before.fields, (known, kind) => ({ ...known, ...fields[kind] })),
  }));
}

function mapped<K extends string, V>(values: Readonly<Record<K, V>>, map: (value: V, key: K) => V): Readonly<Record<K, V>> {
  return Object.fromEntries(Object.entries<V>(values).map(([key, value]) => [key, map(value, key as K)])) as Readonly<Record<K, V>>;
}
