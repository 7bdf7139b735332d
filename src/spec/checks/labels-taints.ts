import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import type { PartlyClusterFile } from '../salvage.ts';
import { parseTaint } from '../value-forms.ts';
import type { Check } from './check.ts';
import { nodeWords, placedNodes } from './check.ts';

const RESERVED_PREFIXES = ['node-role.kubernetes.io', 'kubewright.dev', 'kubeadm.kubernetes.io'];
/** Set by the kubelet, or refused by the API server for it (NodeRestriction). */
const RESERVED_LABELS = ['kubernetes.io/hostname', 'kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch'];
/** Taints under these come and go with the state of the node. */
const RESERVED_TAINT_PREFIXES = [...RESERVED_PREFIXES, 'node.kubernetes.io', 'node.cloudprovider.kubernetes.io'];

/** Labels and taints where they are written: under a node or under a pool. */
interface Marked {
  readonly words: string;
  readonly path: DocumentPath;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly taints: readonly (string | undefined)[];
}

/** Keys with a meaning to Kubernetes or kubewright are theirs; no taint twice. */
export const checkLabelsAndTaints: Check = (_, { written }) => markedIn(written).flatMap((marked) => [...labels(marked), ...taints(marked)]);

function markedIn(file: PartlyClusterFile): readonly Marked[] {
  return [
    ...placedNodes(file).map((placed) => ({ words: nodeWords(placed), path: ['spec', 'nodes', placed.index], labels: placed.node.labels ?? {}, taints: placed.node.taints ?? [] })),
    ...Object.entries(file.spec?.pools ?? {}).map(([name, pool]) => ({
      words: `pool ${name}`,
      path: ['spec', 'pools', name],
      labels: pool?.labels ?? {},
      taints: pool?.taints ?? [],
    })),
  ];
}

function labels({ labels: own, path, words }: Marked): readonly SpecFinding[] {
  return Object.keys(own)
    .filter((key) => RESERVED_LABELS.includes(key) || hasPrefix(key, RESERVED_PREFIXES))
    .map((key) => ({ code: 'label-reserved', path: [...path, 'labels', key], at: 'key', message: `label ${key} of ${words} is reserved` }));
}

function taints({ taints: list, path: under, words }: Marked): readonly SpecFinding[] {
  const seen = new Set<string>();
  return list.flatMap((text, index): readonly SpecFinding[] => {
    const taint = parseTaint(text ?? '');
    if (taint === undefined) return [];
    const path = [...under, 'taints', index];
    const id = `${taint.key}:${taint.effect}`;
    const again = seen.has(id);
    seen.add(id);
    if (hasPrefix(taint.key, RESERVED_TAINT_PREFIXES)) return [{ code: 'taint-reserved', path, message: `taint ${taint.key} of ${words} is reserved` }];
    return again ? [{ code: 'taint-duplicate', path, message: `${words} has the taint ${id} twice` }] : [];
  });
}

/** The prefix itself or a domain below it. */
function hasPrefix(key: string, prefixes: readonly string[]): boolean {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return prefixes.some((reserved) => prefix === reserved || prefix.endsWith(`.${reserved}`));
}
