import { APPLIED_ANNOTATION, APPLIED_DIGEST_ENTRY } from '../../actions/kinds/objects.ts';
import type { Action } from '../../actions/action.ts';
import type { SharedDocument } from '../../model/scope.ts';
import type { Need, Planned } from '../../plan/plan.ts';
import { canonicalJson } from '../../util/canonical-json.ts';
import { sha256 } from '../../util/sha256.ts';
import { APPLIED_SETTINGS, appliedSettingsObjects } from '../documents/applied-settings.ts';
import { sharedText } from '../documents/shared-text.ts';
import { prepareStep } from '../prepare.ts';
import type { Scene } from '../scene.ts';
import { CONTROL_PLANES, after, finished, goal } from '../step-types.ts';
import { COREDNS_WORKLOAD, coreDnsObjects } from './coredns.ts';
import { FLANNEL_WORKLOAD, flannelObjects } from './flannel.ts';
import { METRICS_SERVER_WORKLOAD, metricsServerObjects } from './metrics-server.ts';

const READY_SECONDS = 180;
const ROLLOUT_SECONDS = 180;

const NETWORK_STEP = 'cluster/network';
const METRICS_STEP = 'cluster/metrics-server';
const READY_STEP = 'cluster/ready';
const DNS_STEP = 'cluster/dns';
const REVOKE_STEP = 'cluster/tokens';

function digestOf(documents: readonly SharedDocument[]): string {
  return sha256(canonicalJson(documents)).slice(0, 16);
}

/** Objects whose workload, the last of them, carries the digest of them all, so that they are known again. */
function objectsAction(scene: Scene, title: string, documents: readonly SharedDocument[], witness: string): Planned<Action> {
  const digest = digestOf(documents);
  const [last, ...before] = [...documents].reverse() as [SharedDocument & { readonly metadata: object }, ...SharedDocument[]];
  const marked = { ...last, metadata: { ...last.metadata, annotations: { [APPLIED_ANNOTATION]: digest } } };
  const { texts } = scene.board;
  return goal({ kind: 'objects', title, objects: texts.add(sharedText(...before.reverse(), marked)), witness, digest });
}

/** The settings as they were applied: what a later file is held against. */
function appliedSettingsAction({ wide, board }: Scene): Planned<Action> {
  const [map] = appliedSettingsObjects(wide) as [SharedDocument & { readonly data: object }];
  const digest = digestOf([map]);
  const objects = board.texts.add(sharedText({ ...map, data: { ...map.data, [APPLIED_DIGEST_ENTRY]: digest } } as SharedDocument));
  return goal({ kind: 'objects', title: 'the settings of the cluster file', objects, witness: APPLIED_SETTINGS.replace('/', '/ConfigMap/'), digest });
}

/** Drafts the pod network and what needs only an API server: all of it starts while nodes still join. */
export function planAddons(scene: Scene, nodes: readonly string[], needs: readonly Need[]): void {
  const { wide, release, board } = scene;
  const isSingleNode = nodes.length === 1;
  const add = (id: string, title: string, ...actions: readonly Planned<Action>[]): boolean => board.add({ id, title, on: { anyOf: CONTROL_PLANES }, needs, actions });
  add(
    DNS_STEP,
    'write down the settings, spread CoreDNS',
    appliedSettingsAction(scene),
    objectsAction(scene, 'the spread of CoreDNS', coreDnsObjects(isSingleNode), COREDNS_WORKLOAD),
  );
  if (wide.network.plugin === 'flannel') add(NETWORK_STEP, 'install the pod network', objectsAction(scene, 'flannel', flannelObjects(wide, release), FLANNEL_WORKLOAD));
  if (wide.metricsServer) add(METRICS_STEP, 'install metrics-server', objectsAction(scene, 'metrics-server', metricsServerObjects(release, isSingleNode), METRICS_SERVER_WORKLOAD));
}

/** Drafts what closes a deployment: every node Ready and every add-on rolled out. Without a network plugin of ours no node can become Ready: nothing is awaited. */
export function planSettled({ wide, board }: Scene, nodes: readonly string[], joins: readonly Need[]): void {
  if (wide.network.plugin === 'none') return;
  const workloads = [FLANNEL_WORKLOAD, COREDNS_WORKLOAD, ...(wide.metricsServer ? [METRICS_SERVER_WORKLOAD] : [])];
  board.add({
    id: READY_STEP,
    title: 'wait for the nodes and the add-ons',
    on: { anyOf: CONTROL_PLANES },
    // Of a machine that cannot be seen the preparation is refused, and so is waiting for it.
    needs: [...joins, ...after(DNS_STEP, NETWORK_STEP, METRICS_STEP, ...nodes.map(prepareStep))],
    actions: [
      goal({ kind: 'nodes-ready', nodes, deadlineSeconds: READY_SECONDS }),
      ...workloads.map((workload) => goal({ kind: 'rolled-out', workload, deadlineSeconds: ROLLOUT_SECONDS })),
    ],
  });
}

/** Drafts the end of every token of ours, of a failed run too. */
export function planRevocation({ board }: Scene, joins: readonly string[]): void {
  board.add({ id: REVOKE_STEP, title: 'revoke bootstrap tokens', on: { anyOf: CONTROL_PLANES }, needs: finished(...joins), actions: [goal({ kind: 'tokens-revoked' })] });
}
