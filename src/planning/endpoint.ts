import { fileAction } from '../actions/kinds/file.ts';
import { fileKey } from '../facts/keys.ts';
import { SUPER_ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Need } from '../plan/plan.ts';
import { API_PROXY_CA, API_PROXY_INPUTS, API_PROXY_UNIT } from './files/api-proxy.ts';
import { prepareStep } from './prepare.ts';
import type { Scene } from './scene.ts';
import { laneOfNode } from './scene.ts';
import { after, goal } from './step-types.ts';

export const proxyStep = (node: string): string => `${node}/proxy`;

/** Drafts the node's own way to the API: the cluster's authority and the proxy that checks the control planes by it. */
export function planProxy(scene: Scene, context: NodeContext, caFrom: readonly Need[]): void {
  const { name } = context.node;
  const lane = laneOfNode(context);
  scene.board.add({
    id: proxyStep(name),
    title: 'start the API proxy',
    on: { lane },
    needs: [...after(prepareStep(name)), ...caFrom],
    actions: [
      goal(fileAction({ path: API_PROXY_CA, mode: '644', owner: 'root:root', content: scene.ca }, scene.board.read(lane, fileKey(API_PROXY_CA)))),
      goal({ kind: 'unit', unit: API_PROXY_UNIT, want: 'running', inputs: API_PROXY_INPUTS, onChange: 'reload' }),
    ],
  });
}

/** Drafts the removal of the key past all RBAC that kubeadm leaves on the init node: no node is special (leak L37). */
export function planTidy(scene: Scene, context: NodeContext): void {
  scene.board.add({
    id: `${context.node.name}/tidy`,
    title: 'remove super-admin.conf',
    on: { lane: laneOfNode(context) },
    actions: [goal({ kind: 'absent', path: SUPER_ADMIN_CONF, because: 'a key past all RBAC that one node alone would have', secret: true })],
  });
}
