import type { JoinState } from '../facts/join-state.ts';
import { joinState } from '../facts/join-state.ts';
import type { HostTraits } from '../facts/host-traits.ts';
import { traitsKey } from '../facts/host-traits.ts';
import type { Release } from '../catalogue/release.ts';
import type { ClusterWide, NodeContext } from '../model/cluster.ts';
import type { Content, LaneId, Slot } from '../plan/plan.ts';
import { laneId, slotId } from '../plan/plan.ts';
import { CONNTRACK_SYSCTL } from '../facts/decisions/conntrack.ts';
import type { ArtifactRefs } from './artifact-refs.ts';
import type { DraftBoard } from './draft-board.ts';
import { sysctlNames } from './files/system.ts';

/** What every planner of a deployment works with. */
export interface Scene {
  readonly wide: ClusterWide;
  readonly board: DraftBoard;
  readonly artifacts: ArtifactRefs;
  readonly release: Release;
  /** The authority of the cluster: its text where a control plane shows it, else a slot that is filled once init has made it. */
  readonly ca: Content;
  readonly isContent: IsContent;
}

/** Whether these are the bytes of a text that holds secrets, by their sha256. Whoever plans has no secret: who asks for the plan answers. */
export type IsContent = (parts: readonly (string | Slot<'text'>)[], sha256: string) => boolean;

export const laneOfNode = ({ node }: NodeContext): LaneId => laneId(node.name);

const ASKED_SYSCTLS = [...sysctlNames, CONNTRACK_SYSCTL];

/** What the node's host is; undefined where it was not seen. */
export function traitsOf(scene: Scene, context: NodeContext): HostTraits | undefined {
  return scene.board.read(laneOfNode(context), traitsKey(ASKED_SYSCTLS));
}

/** How far the node is with its membership, as the steps planned so far leave it. */
export function joinStateOf({ board }: Scene, context: NodeContext): JoinState {
  return joinState(context.node.name, context.node.role, board.reading(laneOfNode(context)));
}

const ETCD_PEER_PORT = 2380;

/** Where the etcd member of a node is reached by the others. */
export function peerURLOf(address: string): string {
  return `https://${address}:${ETCD_PEER_PORT}`;
}

/** Facts that traits are made of and no action asks for. */
export const traitProbes = ASKED_SYSCTLS.map((name) => ({ probe: 'sysctl', name }) as const);

export const TOKEN_SLOT: Slot<'text'> = { slot: slotId('join-token'), type: 'text', secret: true, shown: 'bootstrap token of this run' };
export const CA_SLOT: Slot<'text'> = { slot: slotId('cluster-ca'), type: 'text', secret: false, shown: 'certificate authority of the cluster' };
export const PIN_SLOT: Slot<'text'> = { slot: slotId('ca-pin'), type: 'text', secret: false, shown: 'pin of the certificate authority' };

export function pkiSlot(file: string): Slot<'text'> {
  return { slot: slotId(`pki/${file}`), type: 'text', secret: true, shown: `${file} of the cluster` };
}
