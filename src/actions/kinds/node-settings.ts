import { clusterKey } from '../../facts/keys.ts';
import type { NodeFact } from '../../facts/cluster-facts.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** Annotations that remember which labels and taints are ours, so that those taken out of the cluster file go. */
const LABELS_ANNOTATION = 'kubewright.dev/labels';
const TAINTS_ANNOTATION = 'kubewright.dev/taints';

export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** Labels and taints of one Node object, as the cluster file has them; what others have set stays. */
export interface NodeSettingsAction {
  readonly kind: 'node-settings';
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  /** Ours, and no longer wanted: label keys, and taints as `key:Effect`. */
  readonly dropLabels: readonly string[];
  readonly dropTaints: readonly string[];
}

const taintId = ({ key, effect }: NodeTaint): string => `${key}:${effect}`;
const taintWord = ({ key, value, effect }: NodeTaint): string => (value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`);
const ours = (node: NodeFact | undefined, annotation: string): readonly string[] => (node?.annotations[annotation] ?? '').split(',').filter((word) => word !== '');

/** The action for a node, with what it has of ours and is wanted no more. */
export function nodeSettingsAction(node: string, labels: Readonly<Record<string, string>>, taints: readonly NodeTaint[], now: NodeFact | undefined): NodeSettingsAction {
  const wantedTaints = new Set(taints.map(taintId));
  return {
    kind: 'node-settings',
    node,
    labels,
    taints,
    dropLabels: ours(now, LABELS_ANNOTATION).filter((key) => !(key in labels)),
    dropTaints: ours(now, TAINTS_ANNOTATION).filter((id) => !wantedTaints.has(id)),
  };
}

function isAsWanted({ labels, taints, dropLabels, dropTaints }: NodeSettingsAction, node: NodeFact): boolean {
  const present = new Set(node.taints.map(taintWord));
  return dropLabels.length === 0 && dropTaints.length === 0 && Object.entries(labels).every(([key, value]) => node.labels[key] === value) && taints.every((taint) => present.has(taintWord(taint)));
}

const describe = (node: NodeFact | undefined): string => JSON.stringify({ labels: node?.labels ?? {}, taints: node?.taints ?? [] });

export const nodeSettings: Kind<NodeSettingsAction> = {
  words: ({ node, labels, taints }) => `set ${Object.keys(labels).length} labels and ${taints.length} taints of ${node}`,
  details: (action) => ({ command: commands(action).join('\n') }),
  probes: () => [],
  progress: (action, reading) => {
    const fact = reading.read(clusterKey(`labels and taints of ${action.node}`, ({ nodes }) => nodes[action.node], describe));
    if (fact.state !== 'known') return 'unknown';
    return fact.value !== undefined && isAsWanted(action, fact.value) ? 'done' : 'absent';
  },
  script: (action) => ({ shell: commands(action).join('\n'), inputs: [] }),
  predict: ({ node, labels, taints, dropLabels }, view) =>
    withCluster(view, ({ nodes }) => {
      const now = nodes[node];
      if (now === undefined) return {};
      const kept = Object.entries(now.labels).filter(([key]) => !dropLabels.includes(key));
      const keptTaints = now.taints.filter((taint) => !taints.some(({ key, effect }) => key === taint.key && effect === taint.effect));
      const annotations = { ...now.annotations, [LABELS_ANNOTATION]: Object.keys(labels).join(','), [TAINTS_ANNOTATION]: taints.map(taintId).join(',') };
      return { nodes: { ...nodes, [node]: { ...now, labels: { ...Object.fromEntries(kept), ...labels }, taints: [...keptTaints, ...taints], annotations } } };
    }),
};

function commands({ node, labels, taints, dropLabels, dropTaints }: NodeSettingsAction): readonly string[] {
  const labelWords = [...Object.entries(labels).map(([key, value]) => `${key}=${value}`), ...dropLabels.map((key) => `${key}-`)];
  const taintWords = [...taints.map(taintWord), ...dropTaints.map((id) => `${id}-`)];
  return [
    ...(labelWords.length === 0 ? [] : [kubectl('label', 'node', node, '--overwrite', ...labelWords)]),
    ...(taintWords.length === 0 ? [] : [kubectl('taint', 'node', node, '--overwrite', ...taintWords)]),
    kubectl('annotate', 'node', node, '--overwrite', `${LABELS_ANNOTATION}=${Object.keys(labels).join(',')}`, `${TAINTS_ANNOTATION}=${taints.map(taintId).join(',')}`),
  ];
}
