import { fileAction } from '../actions/kinds/file.ts';
import { fileKey } from '../facts/keys.ts';
import { BOOTSTRAP_KUBELET_CONF, SUPER_ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Need } from '../plan/plan.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import { API_PROXY_CA, API_PROXY_INPUTS, API_PROXY_UNIT } from './files/api-proxy.ts';
import { prepareStep } from './prepare.ts';
import type { Scene } from './scene.ts';
import { joinStateOf, laneOfNode } from './scene.ts';
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

/**
 * Drafts the removal of what a run leaves that was killed right after kubeadm, or whose kubelet came to the end of the join without it: the key past all RBAC on
 * the init node, since no node is special (leak L37), the token with which the kubelet was let in, and marks of work that is no longer half-done.
 */
export function planTidy(scene: Scene, context: NodeContext): void {
  if (joinStateOf(scene, context) !== 'joined') return;
  const marks = [INIT_MARK, JOIN_MARK].map((path) => goal({ kind: 'absent', path, because: 'what it speaks of has succeeded', secret: false }));
  const superAdmin = goal({ kind: 'absent', path: SUPER_ADMIN_CONF, because: 'a key past all RBAC that one node alone would have', secret: true });
  const bootstrap = goal({ kind: 'absent', path: BOOTSTRAP_KUBELET_CONF, because: 'the kubelet has a certificate of its own', secret: true });
  scene.board.add({
    id: `${context.node.name}/tidy`,
    title: 'tidy up after kubeadm',
    on: { lane: laneOfNode(context) },
    actions: [...(context.node.role === 'control-plane' ? [superAdmin] : []), bootstrap, ...marks],
  });
}
