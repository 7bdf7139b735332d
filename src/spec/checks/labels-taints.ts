import type { SpecFinding } from '../problem.ts';
import { parseTaint } from '../value-forms.ts';
import type { Check, PlacedNode } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';

const RESERVED_PREFIXES = ['node-role.kubernetes.io', 'kubewright.dev', 'kubeadm.kubernetes.io'];
/** Set by the kubelet, or refused by the API server for it (NodeRestriction). */
const RESERVED_LABELS = ['kubernetes.io/hostname', 'kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch'];
/** Taints under these come and go with the state of the node. */
const RESERVED_TAINT_PREFIXES = [...RESERVED_PREFIXES, 'node.kubernetes.io', 'node.cloudprovider.kubernetes.io'];

/** Keys with a meaning to Kubernetes or kubewright are theirs; no taint twice. */
export const checkLabelsAndTaints: Check = (file) => placedNodes(file).flatMap((placed) => [...labels(placed), ...taints(placed)]);

function labels(placed: PlacedNode): readonly SpecFinding[] {
  return Object.keys(placed.node.labels ?? {})
    .filter((key) => RESERVED_LABELS.includes(key) || hasPrefix(key, RESERVED_PREFIXES))
    .map((key) => ({ code: 'label-reserved', path: ['spec', 'nodes', placed.index, 'labels', key], at: 'key', message: `label ${key} of ${nodeWords(placed)} is reserved` }));
}

function taints(placed: PlacedNode): readonly SpecFinding[] {
  const seen = new Set<string>();
  return (placed.node.taints ?? []).flatMap((text, index): readonly SpecFinding[] => {
    const taint = parseTaint(text ?? '');
    if (taint === undefined) return [];
    const path = ['spec', 'nodes', placed.index, 'taints', index];
    const id = `${taint.key}:${taint.effect}`;
    const again = seen.has(id);
    seen.add(id);
    if (hasPrefix(taint.key, RESERVED_TAINT_PREFIXES)) return [{ code: 'taint-reserved', path, message: `taint ${taint.key} of ${nodeWords(placed)} is reserved` }];
    return again ? [{ code: 'taint-duplicate', path, message: `${nodeWords(placed)} has the taint ${id} twice` }] : [];
  });
}

/** The prefix itself or a domain below it. */
function hasPrefix(key: string, prefixes: readonly string[]): boolean {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return prefixes.some((reserved) => prefix === reserved || prefix.endsWith(`.${reserved}`));
}
