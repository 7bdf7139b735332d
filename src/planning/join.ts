import type { Action } from '../actions/action.ts';
import type { HostTraits } from '../facts/host-traits.ts';
import { PKI_DIR, SHARED_PKI_FILES } from '../facts/kubernetes-paths.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Content, Need, Planned } from '../plan/plan.ts';
import { PIN_MARK, TOKEN_MARK, joinConfiguration, nodeRemarks } from './documents/kubeadm-node.ts';
import { nodeText } from './documents/shared-text.ts';
import { withSlots } from './documents/with-slots.ts';
import { proxyStep } from './endpoint.ts';
import { KUBELET_UNIT, kubeletInputs } from './files/kubelet.ts';
import { imagesStep, prepareStep } from './prepare.ts';
import type { Scene } from './scene.ts';
import { PIN_SLOT, TOKEN_SLOT, joinStateOf, laneOfNode, peerURLOf, pkiSlot, traitsOf } from './scene.ts';
import { after, controlPlanesBut, goal, means } from './step-types.ts';

const IDENTITY_DEADLINE_MS = 60_000;
const JOINABLE_DEADLINE_MS = 60_000;

export const joinStep = (node: string): string => `${node}/join`;
export const proveStep = (node: string): string => `${node}/prove`;

/** Drafts the join of one node, after the repair of one that died half-way, and the proof of its identity. */
export function planJoin(scene: Scene, context: NodeContext, { needs, api }: { readonly needs: readonly Need[]; readonly api: readonly string[] }): void {
  const { node } = context;
  const traits = traitsOf(scene, context);
  if (traits === undefined) {
    scene.board.refuse(joinStep(node.name), laneOfNode(context), 'the machine could not be seen');
    return;
  }
  const repaired = planRepair(scene, context, api);
  const isControlPlane = node.role === 'control-plane';
  const isPlanned = scene.board.add({
    id: joinStep(node.name),
    title: `join as a ${isControlPlane ? 'control plane' : 'worker'}`,
    on: { lane: laneOfNode(context) },
    needs: [...after(imagesStep(node.name), proxyStep(node.name), ...repaired), ...needs],
    gates: isControlPlane ? [{ gate: 'etcd-joinable', deadlineMs: JOINABLE_DEADLINE_MS }] : [],
    effect: { disruption: 'none', etcdMembers: isControlPlane ? 1 : 0 },
    actions: [...(isControlPlane ? pkiActions() : []), goal({ kind: 'kubeadm-join', node: node.name, role: node.role, config: joinContent(scene, context, traits) })],
  });
  if (isPlanned) planProof(scene, context, [joinStep(node.name)]);
}

/** Drafts the restart of a member's kubelet whose process was started with other files than lie there now; one that has just joined was not. */
export function planKubelet(scene: Scene, context: NodeContext): void {
  const action: Action = { kind: 'unit', unit: KUBELET_UNIT, want: 'running', inputs: kubeletInputs(scene.wide), onChange: 'restart' };
  scene.board.ask(action);
  if (joinStateOf(scene, context) !== 'joined') return;
  scene.board.add({
    id: `${context.node.name}/kubelet`,
    title: 'restart the kubelet',
    on: { lane: laneOfNode(context) },
    needs: after(prepareStep(context.node.name)),
    effect: { disruption: 'service', etcdMembers: 0 },
    actions: [goal(action)],
  });
}

/** A step without actions: it holds back what follows until the node is seen to carry its own identity everywhere. */
export function planProof(scene: Scene, context: NodeContext, steps: readonly string[]): void {
  const { node } = context;
  scene.board.addMeans({
    id: proveStep(node.name),
    title: 'prove its identity',
    on: { lane: laneOfNode(context) },
    needs: after(...steps),
    gates: [{ gate: 'identity', node: node.name, deadlineMs: IDENTITY_DEADLINE_MS }],
    actions: [],
  });
}

function joinContent({ board }: Scene, context: NodeContext, traits: HostTraits): Content {
  return withSlots(board.texts, `${nodeRemarks(traits)}${nodeText(joinConfiguration(context, traits))}`, { [TOKEN_MARK]: TOKEN_SLOT, [PIN_MARK]: PIN_SLOT });
}

function pkiActions(): readonly Planned<Action>[] {
  return SHARED_PKI_FILES.map((file) => means({ kind: 'place-secret', path: `${PKI_DIR}/${file}`, slot: pkiSlot(file) }));
}

/**
 * The known states of a join that died, each repaired before the join runs again: the member first, through another one and proven gone; the Node
 * object; then the host (design, section 10). Gives the steps that the join must wait for.
 */
function planRepair(scene: Scene, context: NodeContext, api: readonly string[]): readonly string[] {
  const { node } = context;
  const lane = laneOfNode(context);
  if (joinStateOf(scene, context) !== 'partial') return [];
  const forget = `${node.name}/forget`;
  const clean = `${node.name}/clean`;
  const peerURL = peerURLOf(node.address.openFor(node.name));
  scene.board.add({
    id: forget,
    title: 'take a half-done join out of the cluster',
    on: { anyOf: controlPlanesBut(node.name) },
    needs: after(...api),
    gates: [{ gate: 'etcd-removable', node: node.name, peerURL, deadlineMs: JOINABLE_DEADLINE_MS }],
    effect: { disruption: 'none', etcdMembers: -1 },
    // Whatever role the file gives it now: the data of a member that is still listed must not be wiped.
    actions: [goal({ kind: 'member-absent', node: node.name, peerURL }), goal({ kind: 'node-absent', node: node.name })],
  });
  scene.board.add({
    id: clean,
    title: 'clean the machine of a half-done join',
    on: { lane },
    needs: after(forget),
    actions: [goal({ kind: 'kubeadm-reset', node: node.name, endsCluster: false })],
  });
  return [forget, clean];
}
