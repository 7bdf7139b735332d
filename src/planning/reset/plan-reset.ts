import type { Cluster } from '../../model/cluster.ts';
import { fileAction } from '../../actions/kinds/file.ts';
import type { Action } from '../../actions/action.ts';
import { joinProbes } from '../../facts/join-state.ts';
import { fileKey, ledgerKey } from '../../facts/keys.ts';
import { isBegun } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerFacts } from '../../facts/ledger/ledger-facts.ts';
import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { laneId } from '../../plan/plan.ts';
import type { Planned } from '../../plan/plan.ts';
import { DraftBoard } from '../draft-board.ts';
import type { RefusedStep } from '../draft-board.ts';
import { HOSTS_FILE, withoutEndpoint } from '../files/system.ts';
import type { DeployPlan } from '../step-types.ts';
import { goal } from '../step-types.ts';
import { whyNotOurs } from './foreign.ts';
import { decideWhatGoes, isEdited } from './what-goes.ts';

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
  /** What is left on each machine, in words. */
  readonly stays: Readonly<Record<string, readonly string[]>>;
}

/** What a reset asks of every machine. */
export const resetProbes: readonly ProbeRequest[] = [...joinProbes, { probe: 'ledger' }, { probe: 'file', path: HOSTS_FILE, text: true }];

/** The plan that takes a whole cluster from its machines: each as its ledger says that it was before. Machines do not wait for one another. Pure. */
export function planReset({ cluster, desired, snapshot }: ResetInput): ResetAnswer {
  const board = new DraftBoard(snapshot);
  const notOurs = cluster.nodes.flatMap(({ name }) => {
    const why = whyNotOurs(board.reading(laneId(name)), cluster.wide);
    return why === undefined ? [] : [{ node: name, why }];
  });
  const stays = cluster.nodes.map(({ name, role }) => [name, planNode(board, name, role)] as const);
  const nodes = snapshot.cluster.state === 'known' ? Object.keys(snapshot.cluster.value.nodes) : [];
  const known = new Set<string>(cluster.nodes.map(({ name }) => name));
  return {
    plan: board.plan(desired),
    refused: board.refused(),
    notOurs,
    leftBehind: nodes.filter((name) => !known.has(name)).sort(),
    stays: Object.fromEntries(stays.filter(([, words]) => words.length > 0)),
  };
}

/** One step for one machine. Gives what is left there. */
function planNode(board: DraftBoard, node: string, role: 'control-plane' | 'worker'): readonly string[] {
  const lane = laneId(node);
  const id = `${node}/reset`;
  const ledger = board.read(lane, ledgerKey);
  if (ledger === undefined) {
    board.refuse(id, lane, 'the machine could not be seen');
    return [];
  }
  if (!isBegun(ledger)) return [];
  if (isHostsFileUnseen(board, node, ledger)) {
    board.refuse(id, lane, `${HOSTS_FILE} could not be read as a text: it is edited, never replaced`);
    return [];
  }
  const { items, stays, keeps } = decideWhatGoes(ledger);
  board.add({
    id,
    title: 'take the cluster from the machine',
    on: { lane },
    effect: { disruption: 'node', etcdMembers: role === 'control-plane' ? -1 : 0 },
    actions: [
      goal({ kind: 'node-stopped', units: unitsOf(ledger), items }),
      goal({ kind: 'network-cleared', links: namesOf(ledger, 'links'), chains: namesOf(ledger, 'chains'), tables: namesOf(ledger, 'tables') }),
      goal({ kind: 'given-back', items }),
      ...hostsActions(board, node, ledger),
      goal({ kind: 'ledger-closed', stays, keeps }),
    ],
  });
  return stays;
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
