import type { z } from 'zod';
import type { DocumentPath } from './document-path.ts';
import { valueAt } from './document-path.ts';
import type { ClusterFile } from './schema.ts';
import { clusterFileSchema } from './schema.ts';
import { withDefaults } from './schema-walk.ts';

/** A tree of which any part may be missing. */
export type Partly<T> = T extends readonly (infer E)[] ? readonly (Partly<E> | undefined)[] : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> | undefined } : T;

/** What is right of a cluster file: the checks see this, so that one wrong value hides no other problem. */
export type PartlyClusterFile = Partly<ClusterFile>;

/** Drops what the schema refused and fills in defaults; list positions stay. */
export function salvage(raw: unknown, issues: readonly z.core.$ZodIssue[]): PartlyClusterFile {
  const copy = structuredClone(withDefaults(clusterFileSchema, raw));
  let whole = typeof copy === 'object' && copy !== null && !Array.isArray(copy);
  for (const path of issues.flatMap(refusedPaths)) {
    if (path.length === 0) whole = false;
    else drop(copy, path);
  }
  // The schema has seen every value that is left: what has the type is what it took.
  return whole ? (copy as PartlyClusterFile) : {};
}

function refusedPaths(issue: z.core.$ZodIssue): readonly DocumentPath[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function drop(tree: unknown, path: DocumentPath): void {
  const parent = valueAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  if (Array.isArray(parent)) Reflect.set(parent, key, undefined);
  else Reflect.deleteProperty(parent, key);
}
