import type { Cluster } from '../../model/cluster.ts';
import { fileAction } from '../../actions/kinds/file.ts';
import type { Action } from '../../actions/action.ts';
import { joinProbes } from '../../facts/join-state.ts';
import { fileKey, ledgerKey } from '../../facts/keys.ts';
import { hasRemains, isBegun } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerFacts } from '../../facts/ledger/ledger-facts.ts';
import { CLUSTER_CA } from '../../facts/kubernetes-paths.ts';
import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { laneId } from '../../plan/plan.ts';
import type { Planned } from '../../plan/plan.ts';
import { DraftBoard } from '../draft-board.ts';
import type { RefusedStep } from '../draft-board.ts';
import { HOSTS_FILE, withoutEndpoint } from '../files/system.ts';
import type { DeployPlan } from '../step-types.ts';
import { goal } from '../step-types.ts';
import { authorityOf, isNamedBy, otherAuthorities, whyNotOurs } from './foreign.ts';
import { decideWhatGoes, isEdited } from './what-goes.ts';
import type { WhatGoes } from './what-goes.ts';

export interface ResetInput {
  readonly cluster: Cluster;
  readonly desired: string;
  readonly snapshot: Snapshot;
}

/** A machine, and why nothing is undone there. */
export interface NotOurs {
  readonly node: string;
  readonly why: string;
}

export interface ResetAnswer {
  readonly plan: DeployPlan;
  /** Steps of machines that could not be seen. */
  readonly refused: readonly RefusedStep[];
  /** Nothing may run while there are any. */
  readonly notOurs: readonly NotOurs[];
  /** Nodes of the cluster that the file does not have: their machines would be left without a cluster. */
  readonly leftBehind: readonly string[];
  /** Machines on which nothing says of which cluster they are: their ledger, of an earlier version, says no more than that this tool has changed them. */
  readonly unproven: readonly string[];
  /** Whether the cluster could be asked for its nodes: without an answer, none outside the file can be found. */
  readonly sawNodes: boolean;
  /** What is left on each machine, in words. */
  readonly stays: Readonly<Record<string, readonly string[]>>;
  /** Containers of others, by machine, that would end. */
  readonly others: Readonly<Record<string, readonly string[]>>;
}

/** What a reset asks of every machine. */
export const resetProbes: readonly ProbeRequest[] = [
  ...joinProbes,
  { probe: 'ledger' },
  { probe: 'file', path: HOSTS_FILE, text: true },
  { probe: 'file', path: CLUSTER_CA, text: false },
];

/** The plan that takes a whole cluster from its machines: each as its ledger says that it was before. Machines do not wait for one another. Pure. */
export function planReset({ cluster, desired, snapshot }: ResetInput): ResetAnswer {
  const board = new DraftBoard(snapshot);
  const caOf = (node: string): string | undefined => authorityOf(board.reading(laneId(node)));
  const whyNot = cluster.nodes.flatMap(({ name }) => {
    const why = whyNotOurs(board.reading(laneId(name)), cluster.wide);
    return why === undefined ? [] : [{ node: name, why }];
  });
  const others = otherAuthorities(
    cluster.nodes.map(({ name }) => name),
    caOf,
  );
  const notOurs = [...whyNot, ...others];
  // Steps change what the board shows.
  const unproven = unprovenOf(board, cluster, caOf);
  const left = cluster.nodes.map(({ name, role }) => ({ name, ...planNode(board, name, role) }));
  const nodes = snapshot.cluster.state === 'known' ? Object.keys(snapshot.cluster.value.nodes) : [];
  const known = new Set<string>(cluster.nodes.map(({ name }) => name));
  return {
    plan: board.plan(desired),
    refused: board.refused(),
    notOurs,
    unproven,
    leftBehind: nodes.filter((name) => !known.has(name)).sort(),
    sawNodes: snapshot.cluster.state === 'known',
    stays: byNode(left, ({ stays }) => stays),
    others: byNode(left, ({ others }) => others),
  };
}

/** What there is of it for each machine. */
function byNode<T extends { readonly name: string }>(all: readonly T[], of: (one: T) => readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(all.flatMap((one) => (of(one).length === 0 ? [] : [[one.name, of(one)]])));
}

/** The endpoint's line or the ledger proves a machine, and the CA of one that is proven proves others. */
function unprovenOf(board: DraftBoard, { nodes, wide }: Cluster, caOf: (node: string) => string | undefined): readonly string[] {
  const names = nodes.map(({ name }) => name).filter((name) => isLedgerBegun(board, name));
  const proven = names.filter((name) => isNamedBy(board.reading(laneId(name)), wide));
  const authorities = new Set(proven.map(caOf).filter((digest) => digest !== undefined));
  return names.filter((name) => !proven.includes(name) && !authorities.has(caOf(name) ?? ''));
}

function isLedgerBegun(board: DraftBoard, node: string): boolean {
  const ledger = board.read(laneId(node), ledgerKey);
  return ledger !== undefined && isBegun(ledger);
}

const NOTHING: Pick<WhatGoes, 'stays' | 'others'> = { stays: [], others: [] };

/** One step for one machine. Gives what is left there, and who ends. */
function planNode(board: DraftBoard, node: string, role: 'control-plane' | 'worker'): Pick<WhatGoes, 'stays' | 'others'> {
  const lane = laneId(node);
  const id = `${node}/reset`;
  const ledger = board.read(lane, ledgerKey);
  if (ledger === undefined) {
    board.refuse(id, lane, 'the machine could not be seen');
    return NOTHING;
  }
  if (!hasRemains(ledger)) return NOTHING;
  if (isHostsFileUnseen(board, node, ledger)) {
    board.refuse(id, lane, `${HOSTS_FILE} could not be read as a text: it is edited, never replaced`);
    return NOTHING;
  }
  const { items, stays, keeps, others } = decideWhatGoes(ledger);
  const closed = goal({ kind: 'ledger-closed', stays, keeps });
  if (!isBegun(ledger)) {
    // No script of ours ran: what runs here is somebody else's.
    board.add({ id, title: 'remove what was sent to the machine', on: { lane }, actions: [closed] });
    return { stays, others: [] };
  }
  board.add({
    id,
    title: 'take the cluster from the machine',
    on: { lane },
    effect: { disruption: 'node', etcdMembers: role === 'control-plane' ? -1 : 0 },
    actions: [
      goal({ kind: 'node-stopped', units: unitsOf(ledger), items, others }),
      goal({ kind: 'network-cleared', links: namesOf(ledger, 'links'), chains: namesOf(ledger, 'chains'), tables: namesOf(ledger, 'tables') }),
      goal({ kind: 'given-back', items }),
      ...hostsActions(board, node, ledger),
      closed,
    ],
  });
  return { stays, others };
}

const STOPPED_FIRST = ['kubelet.service'];

/** The kubelet first: it would start again what is stopped. */
function unitsOf({ items }: LedgerFacts): readonly string[] {
  const units = items.filter(({ what }) => what === 'unit').map(({ path }) => path);
  return [...STOPPED_FIRST, ...units.filter((unit) => !STOPPED_FIRST.includes(unit)).sort()];
}

function namesOf({ items }: LedgerFacts, what: 'links' | 'chains' | 'tables'): readonly string[] {
  return items.filter((item) => item.what === what).flatMap(({ now }) => now.split(' ').filter((name) => name !== ''));
}

const editedHosts = ({ items }: LedgerFacts): boolean => items.some((item) => item.path === HOSTS_FILE && isEdited(item));

function isHostsFileUnseen(board: DraftBoard, node: string, ledger: LedgerFacts): boolean {
  const now = board.read(laneId(node), fileKey(HOSTS_FILE));
  return editedHosts(ledger) && (now === undefined || (now.type === 'file' && now.text === undefined));
}

/** The file is edited where others have changed it since: only the endpoint's line goes. */
function hostsActions(board: DraftBoard, node: string, ledger: LedgerFacts): readonly Planned<Action>[] {
  const now = board.read(laneId(node), fileKey(HOSTS_FILE));
  if (!editedHosts(ledger) || now?.type !== 'file' || now.text === undefined) return [];
  return [goal(fileAction({ path: HOSTS_FILE, mode: now.mode, owner: now.owner, content: board.texts.contentOf(withoutEndpoint(now.text)) }, now))];
}
