import { clusterKey } from '../../facts/keys.ts';
import type { NodeFact } from '../../facts/cluster-facts.ts';
import type { View } from '../../facts/snapshot.ts';
import type { FactKey } from '../../plan/fact.ts';
import { kubectl } from '../../shell/kubectl.ts';
import { count } from '../../util/count.ts';
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

/** What a node has of ours and is wanted no more. What is gone already is not dropped: kubectl fails to remove a taint that is not there. */
export interface Leftovers {
  readonly dropLabels: readonly string[];
  readonly dropTaints: readonly string[];
  /** Something was set by this tool, still there or not. */
  readonly isMarked: boolean;
}

function leftovers(labels: NodeSettingsAction['labels'], taints: readonly NodeTaint[], node: NodeFact | undefined): Leftovers {
  const wanted = new Set(taints.map(taintId));
  const present = new Set(node?.taints.map(taintId));
  return {
    dropLabels: ours(node, LABELS_ANNOTATION).filter((key) => !Object.hasOwn(labels, key) && Object.hasOwn(node?.labels ?? {}, key)),
    dropTaints: ours(node, TAINTS_ANNOTATION).filter((id) => !wanted.has(id) && present.has(id)),
    isMarked: ours(node, LABELS_ANNOTATION).length + ours(node, TAINTS_ANNOTATION).length > 0,
  };
}

/** The question from which `NodeSettingsAction` takes what to drop. */
export function leftoversKey(node: string, labels: NodeSettingsAction['labels'], taints: readonly NodeTaint[]): FactKey<View, Leftovers> {
  return clusterKey(
    `labels and taints of this tool that ${node} shall lose`,
    ({ nodes }) => leftovers(labels, taints, nodes[node]),
    ({ dropLabels, dropTaints }) => [...dropLabels, ...dropTaints].join(' ') || 'none',
  );
}

function annotationsOf({ labels, taints }: NodeSettingsAction): Readonly<Record<string, string>> {
  return { [LABELS_ANNOTATION]: Object.keys(labels).join(','), [TAINTS_ANNOTATION]: taints.map(taintId).join(',') };
}

function isAsWanted(action: NodeSettingsAction, node: NodeFact | undefined): boolean {
  if (node === undefined) return false;
  const taints = new Set(node.taints.flatMap((taint) => [taintWord(taint), taintId(taint)]));
  const hasWanted = Object.entries(action.labels).every(([key, value]) => node.labels[key] === value) && action.taints.every((taint) => taints.has(taintWord(taint)));
  const hasDropped = action.dropLabels.some((key) => Object.hasOwn(node.labels, key)) || action.dropTaints.some((id) => taints.has(id));
  return hasWanted && !hasDropped && Object.entries(annotationsOf(action)).every(([key, value]) => (node.annotations[key] ?? '') === value);
}

/** `1 label and 2 taints`; empty for none of either. */
function countsOf(labels: number, taints: number): string {
  return [...(labels === 0 ? [] : [count(labels, 'label')]), ...(taints === 0 ? [] : [count(taints, 'taint')])].join(' and ');
}

export const nodeSettings: Kind<NodeSettingsAction> = {
  words: ({ node, labels, taints, dropLabels, dropTaints }) => {
    const set = countsOf(Object.keys(labels).length, taints.length);
    const removed = countsOf(dropLabels.length, dropTaints.length);
    return [...(removed === '' ? [] : [`remove ${removed} of ${node}`]), ...(set === '' && removed !== '' ? [] : [`set ${set || 'no label and no taint'} of ${node}`])].join(', ');
  },
  details: (action) => ({ command: commands(action).join('\n') }),
  probes: () => [],
  progress: (action, reading) => {
    // An answer, not what it follows from: the cluster puts taints of its own on nodes, and takes them off.
    const fact = reading.read(clusterKey(`labels and taints of ${action.node} are as wanted`, ({ nodes }) => isAsWanted(action, nodes[action.node]), String));
    if (fact.state !== 'known') return 'unknown';
    return fact.value ? 'done' : 'absent';
  },
  script: (action) => ({ shell: commands(action).join('\n'), inputs: [] }),
  predict: (action, view) =>
    withCluster(view, ({ nodes }) => {
      const { node, labels, taints } = action;
      const now = nodes[node];
      if (now === undefined) return {};
      const kept = Object.entries(now.labels).filter(([key]) => !action.dropLabels.includes(key));
      const replaced = new Set([...taints.map(taintId), ...action.dropTaints]);
      const keptTaints = now.taints.filter((taint) => !replaced.has(taintId(taint)));
      const annotations = { ...now.annotations, ...annotationsOf(action) };
      return { nodes: { ...nodes, [node]: { ...now, labels: { ...Object.fromEntries(kept), ...labels }, taints: [...keptTaints, ...taints], annotations } } };
    }),
};

function commands(action: NodeSettingsAction): readonly string[] {
  const { node, labels, taints, dropLabels, dropTaints } = action;
  const labelWords = [...Object.entries(labels).map(([key, value]) => `${key}=${value}`), ...dropLabels.map((key) => `${key}-`)];
  const taintWords = [...taints.map(taintWord), ...dropTaints.map((id) => `${id}-`)];
  return [
    ...(labelWords.length === 0 ? [] : [kubectl('label', 'node', node, '--overwrite', ...labelWords)]),
    ...(taintWords.length === 0 ? [] : [kubectl('taint', 'node', node, '--overwrite', ...taintWords)]),
    kubectl('annotate', 'node', node, '--overwrite', ...Object.entries(annotationsOf(action)).map(([key, value]) => `${key}=${value}`)),
  ];
}
