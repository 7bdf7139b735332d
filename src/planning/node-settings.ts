import { nodeSettingsAction } from '../actions/kinds/node-settings.ts';
import { clusterKey } from '../facts/keys.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Scene } from './scene.ts';
import { CONTROL_PLANES, after, goal } from './step-types.ts';
import { joinStep, proveStep } from './join.ts';

/** Drafts labels and taints of a node's object; nothing where the file has none and none of ours are left. */
export function planNodeSettings(scene: Scene, { node }: NodeContext): void {
  const labels = node.labels.openFor(node.name);
  const taints = node.taints.openFor(node.name);
  const now = scene.board.read(undefined, clusterKey(`Node ${node.name}`, ({ nodes }) => nodes[node.name], (fact) => (fact === undefined ? 'none' : JSON.stringify({ labels: fact.labels, taints: fact.taints }))));
  const action = nodeSettingsAction(node.name, labels, taints, now);
  if (Object.keys(labels).length + taints.length + action.dropLabels.length + action.dropTaints.length === 0) return;
  scene.board.add({ id: `${node.name}/settings`, title: 'set labels and taints', on: { anyOf: CONTROL_PLANES }, needs: after(joinStep(node.name), proveStep(node.name)), actions: [goal(action)] });
}
