import { APPLIED_ANNOTATION } from '../../actions/kinds/objects.ts';
import type { Action } from '../../actions/action.ts';
import type { SharedDocument } from '../../model/scope.ts';
import type { Need, Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import { sharedText } from '../documents/shared-text.ts';
import type { Scene } from '../scene.ts';
import { CONTROL_PLANES, finished, goal } from '../step-types.ts';
import { COREDNS_WORKLOAD, coreDnsObjects } from './coredns.ts';
import { FLANNEL_WORKLOAD, flannelObjects } from './flannel.ts';
import { METRICS_SERVER_WORKLOAD, metricsServerObjects } from './metrics-server.ts';

const READY_SECONDS = 180;
const ROLLOUT_SECONDS = 180;

export const NETWORK_STEP = 'cluster/network';
const METRICS_STEP = 'cluster/metrics-server';
const READY_STEP = 'cluster/ready';
const DNS_STEP = 'cluster/dns';
const REVOKE_STEP = 'cluster/tokens';

/** Objects whose workload, the last of them, carries the digest of them all, so that they are known again. */
function objectsAction(scene: Scene, title: string, documents: readonly SharedDocument[], witness: string): Planned<Action> {
  const digest = sha256(sharedText(...documents)).slice(0, 16);
  const [last, ...before] = [...documents].reverse() as [SharedDocument & { readonly metadata: object }, ...SharedDocument[]];
  const marked = { ...last, metadata: { ...last.metadata, annotations: { [APPLIED_ANNOTATION]: digest } } };
  const { texts } = scene.board;
  return goal({ kind: 'objects', title, objects: texts.add(sharedText(...before.reverse(), marked)), witness, digest });
}

/** Drafts the pod network and what needs only an API server: they start while nodes still join. */
export function planEarlyAddons(scene: Scene, needs: readonly Need[]): void {
  const on = { anyOf: CONTROL_PLANES } as const;
  const { wide, release, board } = scene;
  if (wide.network.plugin === 'flannel') board.add({ id: NETWORK_STEP, title: 'install the pod network', on, needs, actions: [objectsAction(scene, 'flannel', flannelObjects(wide, release), FLANNEL_WORKLOAD)] });
  if (wide.metricsServer) board.add({ id: METRICS_STEP, title: 'install metrics-server', on, needs, actions: [objectsAction(scene, 'metrics-server', metricsServerObjects(release), METRICS_SERVER_WORKLOAD)] });
}

/**
 * Drafts what closes a deployment: every node Ready, CoreDNS spread once there are nodes to spread it over, all rolled out. Without a network
 * plugin of ours no node can become Ready, and nothing is waited for.
 */
export function planLateAddons(scene: Scene, nodes: readonly string[], joins: readonly Need[]): void {
  const on = { anyOf: CONTROL_PLANES } as const;
  const { wide, board } = scene;
  const hasNetwork = wide.network.plugin === 'flannel';
  const earlier = [NETWORK_STEP, METRICS_STEP].map((step) => ({ step, when: 'succeeded' }) as const);
  if (hasNetwork) board.add({ id: READY_STEP, title: 'wait for the nodes', on, needs: [...joins, ...earlier], actions: [goal({ kind: 'nodes-ready', nodes, deadlineSeconds: READY_SECONDS })] });
  const dns = objectsAction(scene, 'the spread of CoreDNS', coreDnsObjects(), COREDNS_WORKLOAD);
  const workloads = [...(hasNetwork ? [FLANNEL_WORKLOAD, COREDNS_WORKLOAD] : []), ...(hasNetwork && wide.metricsServer ? [METRICS_SERVER_WORKLOAD] : [])];
  board.add({
    id: DNS_STEP,
    title: 'spread CoreDNS and wait for the add-ons',
    on,
    needs: [...joins, ...earlier, { step: READY_STEP, when: 'succeeded' }],
    actions: [dns, ...workloads.map((workload) => goal({ kind: 'rolled-out', workload, deadlineSeconds: ROLLOUT_SECONDS }))],
  });
}

/** Drafts the end of every token of ours, of a failed run too. */
export function planRevocation({ board }: Scene, joins: readonly string[]): void {
  board.add({ id: REVOKE_STEP, title: 'revoke bootstrap tokens', on: { anyOf: CONTROL_PLANES }, needs: finished(...joins), actions: [goal({ kind: 'tokens-revoked' })] });
}
