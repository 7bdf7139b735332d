import type { Release } from '../../catalogue/release.ts';
import type { KnownSettings } from '../../model/known-settings.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import type { PartlyClusterFile } from '../salvage.ts';

/** What checks know besides the file. */
export interface CheckContext {
  /** Of the catalogue. */
  readonly releases: readonly Release[];
  /** The one that the file names; undefined where the catalogue lacks it, which is a problem by itself. */
  readonly release: Release | undefined;
  /** What its programs take; without one, what those of any release take. */
  readonly settings: KnownSettings;
  /** The file as it is written: nodes without what their pools give them. */
  readonly written: PartlyClusterFile;
  /** Whether the schema has refused the value at a path: what is wrong there is told already. */
  readonly isRefused: (path: DocumentPath) => boolean;
}

/** Looks at whatever of the file is right in itself, nodes with what their pools give them; finds all it can. */
export type Check = (file: PartlyClusterFile, context: CheckContext) => readonly SpecFinding[];

/** Whose program or configuration it is, after its name. */
export function ofRelease({ release }: Pick<CheckContext, 'release'>): string {
  return release === undefined ? '' : ` of Kubernetes ${release.kubernetes}`;
}

/** Where other releases have what this one lacks: such a file was written for one of them. */
export function inOthers({ releases }: Pick<CheckContext, 'releases'>, has: (settings: KnownSettings) => boolean): string | undefined {
  const others = releases.filter(({ settings }) => has(settings)).map(({ kubernetes }) => kubernetes);
  return others.length === 0 ? undefined : `; that of ${others.join(', ')} has it`;
}

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
