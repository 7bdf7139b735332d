import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import type { PartlyClusterFile } from '../salvage.ts';

/** What checks know besides the file. */
export interface CheckContext {
  /** Kubernetes releases of the catalogue, `1.36.3`. */
  readonly knownVersions: readonly string[];
  /** The file as it is written: nodes without what their pools give them. */
  readonly written: PartlyClusterFile;
  /** Whether the schema has refused the value at a path: what is wrong there is told already. */
  readonly isRefused: (path: DocumentPath) => boolean;
}

/** Looks at whatever of the file is right in itself, nodes with what their pools give them; finds all it can. */
export type Check = (file: PartlyClusterFile, context: CheckContext) => readonly SpecFinding[];

/** A node with its position in the list. */
export interface PlacedNode {
  readonly index: number;
  readonly node: NonNullable<NonNullable<NonNullable<PartlyClusterFile['spec']>['nodes']>[number]>;
}

export function placedNodes(file: PartlyClusterFile): readonly PlacedNode[] {
  return (file.spec?.nodes ?? []).flatMap((node, index) => (node === undefined ? [] : [{ index, node }]));
}

/** `cp-1`, or where it stands if it has no name. */
export function nodeWords({ index, node }: PlacedNode): string {
  return node.name ?? `spec.nodes[${index}]`;
}
