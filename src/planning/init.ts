import { decideConntrack } from '../facts/decisions/conntrack.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { HostTraits } from '../facts/host-traits.ts';
import { initState } from '../facts/join-state.ts';
import { CLUSTER_CA, PKI_DIR, SHARED_PKI_FILES, SUPER_ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Content } from '../plan/plan.ts';
import { TOKEN_MARK, initConfiguration, nodeRemarks } from './documents/kubeadm-node.ts';
import { clusterConfiguration, kubeProxyConfiguration, kubeletConfiguration } from './documents/kubeadm-shared.ts';
import { nodeText, sharedText } from './documents/shared-text.ts';
import { withSlots } from './documents/with-slots.ts';
import { imagesStep } from './prepare.ts';
import type { Scene } from './scene.ts';
import { CA_SLOT, PIN_SLOT, TOKEN_SLOT, laneOfNode, pkiSlot, traitsOf } from './scene.ts';
import { CONTROL_PLANES, after, goal, means } from './step-types.ts';

export const CA_STEP = 'cluster/ca';
export const TOKEN_STEP = 'cluster/token';
export const PKI_STEP = 'cluster/pki';
const TOKEN_MINUTES = 30;

export const initStep = (node: string): string => `${node}/init`;

/** Drafts the creation of the cluster on one control plane; nothing afterwards remembers which. */
export function planInit(scene: Scene, context: NodeContext, hosts: readonly HostFacts[]): void {
  const { node } = context;
  const { board } = scene;
  const lane = laneOfNode(context);
  const traits = traitsOf(scene, context);
  if (traits === undefined) {
    board.refuse(initStep(node.name), lane, 'the machine could not be seen');
    return;
  }
  const clean = `${node.name}/clean`;
  if (initState(node.name, board.reading(lane)) === 'partial') {
    board.add({ id: clean, title: 'clean the machine of a half-done init', on: { lane }, actions: [goal({ kind: 'kubeadm-reset', node: node.name, endsCluster: true })] });
  }
  // Needs what init needs: none is made for an init that is refused, or that nothing leads to.
  board.addMeans({
    id: TOKEN_STEP,
    title: 'make a bootstrap token',
    on: { lane },
    needs: after(imagesStep(node.name)),
    actions: [means({ kind: 'token-generate', slot: TOKEN_SLOT })],
  });
  board.add({
    id: initStep(node.name),
    title: 'create the cluster',
    on: { lane },
    needs: after(imagesStep(node.name), clean, TOKEN_STEP),
    effect: { disruption: 'none', etcdMembers: 1 },
    actions: [
      goal({ kind: 'kubeadm-init', node: node.name, config: initContent(scene, context, traits, hosts) }),
      goal({ kind: 'absent', path: SUPER_ADMIN_CONF, because: 'a key past all RBAC that one node alone would have', secret: true }),
    ],
  });
}

function initContent(scene: Scene, context: NodeContext, traits: HostTraits, hosts: readonly HostFacts[]): Content {
  const conntrack = decideConntrack(hosts);
  const shared = sharedText(clusterConfiguration(scene.wide), kubeletConfiguration(scene.wide), kubeProxyConfiguration(scene.wide, conntrack));
  const own = `${nodeRemarks(traits)}# conntrack of kube-proxy: ${conntrack.why}\n${nodeText(initConfiguration(context, traits))}`;
  return withSlots(scene.board.texts, `${own}---\n${shared}`, { [TOKEN_MARK]: TOKEN_SLOT });
}

/** Drafts the reading of the cluster's authority with its pin, which proxies and joins need. Its files are there as soon as init has ended. */
export function planAuthority({ board }: Scene, begun: NodeContext | undefined): void {
  const authority = { title: 'the certificate authority', files: [{ path: CLUSTER_CA, slot: CA_SLOT }], pin: { path: CLUSTER_CA, slot: PIN_SLOT } };
  const needs = begun === undefined ? [] : after(initStep(begun.node.name));
  board.addMeans({ id: CA_STEP, title: 'read the certificate authority', on: { anyOf: CONTROL_PLANES }, needs, actions: [means({ kind: 'read-files', ...authority })] });
}

/** Drafts what joins need besides: a token unless init made one, the keys for control planes. */
export function planSecrets({ board }: Scene, wanted: { readonly token: boolean; readonly pki: boolean }, api: readonly string[]): void {
  const draft = { on: { anyOf: CONTROL_PLANES }, needs: after(...api) } as const;
  if (wanted.token)
    board.addMeans({ ...draft, id: TOKEN_STEP, title: 'make a bootstrap token', actions: [means({ kind: 'token-create', slot: TOKEN_SLOT, minutes: TOKEN_MINUTES })] });
  const files = SHARED_PKI_FILES.map((file) => ({ path: `${PKI_DIR}/${file}`, slot: pkiSlot(file) }));
  if (wanted.pki)
    board.addMeans({
      ...draft,
      id: PKI_STEP,
      title: 'read the keys for joining control planes',
      actions: [means({ kind: 'read-files', title: 'the authorities, both halves', files })],
    });
}
