/** What a field of a configuration holds in YAML. `group`: fields of its own, listed below it; `map`: open keys. */
export type FieldType = 'text' | 'number' | 'boolean' | 'list of text' | 'list' | 'map of text' | 'map of booleans' | 'map' | 'group';

/** Fields of a configuration by path, those of a group below it: `conntrack.min`. */
export type FieldTypes = Readonly<Record<string, FieldType>>;

/** One type for several fields. */
export function typed(type: FieldType, paths: readonly string[]): FieldTypes {
  return Object.fromEntries(paths.map((path) => [path, type]));
}
