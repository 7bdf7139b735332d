import type { DocumentPath } from './document-path.ts';
import { formatPath } from './document-path.ts';
import type { ClusterFile } from './schema.ts';
import type { LocatedDocument, Position } from './yaml-document.ts';
import { isWritten, locate } from './yaml-document.ts';

/** Where a value of the resolved cluster comes from. */
export type Origin = ({ readonly from: 'file'; readonly file: string } & Position) | { readonly from: 'default' };

/** By path, nodes by their name: `spec.network.podCIDR`, `spec.nodes.cp-1.address`. */
export type Origins = ReadonlyMap<string, Origin>;

export function originsOf(file: ClusterFile, located: LocatedDocument): Origins {
  const names = file.spec.nodes.map((node) => node.name);
  return new Map(leavesOf(file).map((path) => [formatPath(byNodeName(path, names)), originAt(located, path)]));
}

function originAt(located: LocatedDocument, path: DocumentPath): Origin {
  return isWritten(located, path) ? { from: 'file', file: located.file, ...locate(located, path) } : { from: 'default' };
}

function byNodeName(path: DocumentPath, names: readonly string[]): DocumentPath {
  const [spec, nodes, index, ...rest] = path;
  return spec === 'spec' && nodes === 'nodes' && typeof index === 'number' ? [spec, nodes, names[index] ?? index, ...rest] : path;
}

/** Paths of scalars, and of lists and maps that are empty. */
function leavesOf(value: unknown, path: DocumentPath = []): readonly DocumentPath[] {
  if (typeof value !== 'object' || value === null) return [path];
  const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.length === 0 ? [path] : children.flatMap(([key, child]) => leavesOf(child, [...path, key]));
}
