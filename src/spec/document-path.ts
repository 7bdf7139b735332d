/** Where a value stands in the cluster file: keys and list positions from the top. */
export type DocumentPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `spec.nodes[0].labels["example.com/disk"]`; the top is `(top)`. */
export function formatPath(path: DocumentPath): string {
  const text = path.map((part, index) => formatPart(part, index === 0)).join('');
  return text === '' ? '(top)' : text;
}

function formatPart(part: string | number, first: boolean): string {
  if (typeof part === 'number') return `[${part}]`;
  if (!PLAIN_KEY.test(part)) return `[${JSON.stringify(part)}]`;
  return first ? part : `.${part}`;
}

/** The value at a path of a plain tree; undefined where there is none. */
export function valueAt(tree: unknown, path: DocumentPath): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
