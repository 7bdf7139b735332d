/** JSON with sorted keys and no white space: equal values give equal bytes, whatever the order they were built in. */
export function canonicalJson(value: unknown): string {
  return written(value) ?? 'null';
}

/** Written directly: a replacer of `JSON.stringify` that sorts takes several times as long, and plans of large clusters hold much of it. Undefined where JSON has no word. */
function written(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return written((value as { toJSON: () => unknown }).toJSON());
  if (Array.isArray(value)) return `[${value.map((inner) => written(inner) ?? 'null').join(',')}]`;
  const entries = Object.keys(value)
    .sort(compareStrings)
    .flatMap((key) => {
      const inner = written((value as Record<string, unknown>)[key]);
      return inner === undefined ? [] : [`${JSON.stringify(key)}:${inner}`];
    });
  return `{${entries.join(',')}}`;
}

/** Order by code unit: the same on every machine, unlike `localeCompare`. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
