import type { Need } from '../plan/plan.ts';
import type { Leftovers } from '../actions/kinds/node-settings.ts';
import { leftoversKey } from '../actions/kinds/node-settings.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Scene } from './scene.ts';
import { CONTROL_PLANES, after, goal } from './step-types.ts';
import { joinStep, proveStep } from './join.ts';

const NOTHING_LEFT: Leftovers = { dropLabels: [], dropTaints: [], isMarked: false };

/** Drafts labels and taints of a node's object; nothing where the file has none and none of ours are left. */
export function planNodeSettings(scene: Scene, { node }: NodeContext, api: readonly Need[]): void {
  const labels = node.labels.openFor(node.name);
  const taints = node.taints.openFor(node.name);
  const { dropLabels, dropTaints, isMarked } = scene.board.read(undefined, leftoversKey(node.name, labels, taints)) ?? NOTHING_LEFT;
  if (Object.keys(labels).length + taints.length === 0 && !isMarked) return;
  const action = { kind: 'node-settings', node: node.name, labels, taints, dropLabels, dropTaints } as const;
  scene.board.add({
    id: `${node.name}/settings`,
    title: 'set labels and taints',
    on: { anyOf: CONTROL_PLANES },
    needs: [...api, ...after(joinStep(node.name), proveStep(node.name))],
    actions: [goal(action)],
  });
}
