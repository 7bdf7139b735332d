import type { NodeEntry, PoolEntry } from './schema.ts';
import type { Partly, PartlyClusterFile } from './salvage.ts';
import { parseTaint } from './value-forms.ts';

type PartlyNode = Partly<NodeEntry>;

/** The file with what each node takes from its pool written under the node: labels and taints of both, of the rest what the node says itself. */
export function withPools<F extends PartlyClusterFile>(file: F): F {
  const { spec } = file;
  const pools = spec?.pools;
  if (spec?.nodes === undefined || pools === undefined) return file;
  const nodes = spec.nodes.map((node) => (node?.pool === undefined ? node : fromPool(node, Object.hasOwn(pools, node.pool) ? pools[node.pool] : undefined)));
  return { ...file, spec: { ...spec, nodes } };
}

function fromPool(node: PartlyNode, pool: Partly<PoolEntry> | undefined): PartlyNode {
  if (pool === undefined) return node;
  const role = node.role ?? pool.role;
  const ssh = pool.ssh === undefined && node.ssh === undefined ? undefined : { ...pool.ssh, ...node.ssh };
  return {
    ...node,
    ...(role !== undefined && { role }),
    ...(ssh !== undefined && { ssh }),
    labels: { ...pool.labels, ...node.labels },
    taints: [...(node.taints ?? []), ...(pool.taints ?? []).filter((taint) => !isSetAnew(taint, node.taints ?? []))],
  };
}

/** A node's own taint with the key and effect of the pool's takes its place. */
function isSetAnew(taint: string | undefined, own: readonly (string | undefined)[]): boolean {
  const id = idOf(taint);
  return id !== undefined && own.some((other) => idOf(other) === id);
}

function idOf(text: string | undefined): string | undefined {
  const taint = parseTaint(text ?? '');
  return taint === undefined ? undefined : `${taint.key}:${taint.effect}`;
}
