import { bareSnapshot } from '../../facts/bare-host.ts';
import type { ProbeRequest } from '../../facts/probe-request.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import type { AuditFinding } from '../../rules/audit/audit-rule.ts';
import type { AuditView } from '../../rules/audit/audit-view.ts';
import { canonicalJson } from '../../util/canonical-json.ts';
import { sha256 } from '../../util/sha256.ts';
import { DraftBoard } from '../draft-board.ts';
import type { RefusedStep } from '../draft-board.ts';
import type { DeployPlan } from '../step-types.ts';
import { planLeftovers } from './leftovers.ts';
import { planManifests } from './manifests.ts';
import type { ByHand, RepairScene } from './repair-scene.ts';
import { laneOfMachine } from './repair-scene.ts';
import { planSharedValues } from './shared-values.ts';
import { planStableEndpoint } from './stable-endpoint.ts';

export interface RepairInput {
  readonly findings: readonly AuditFinding[];
  /** What the audit saw, by which the findings were made. */
  readonly view: AuditView;
  /** A second look, at what the repairs change. */
  readonly snapshot: Snapshot;
}

export interface RepairAnswer {
  readonly plan: DeployPlan;
  /** Steps left out since something they rely on could not be seen. */
  readonly refused: readonly RefusedStep[];
  /** What no step mends, with what a person does: rules that have no repair, and repairs that this cluster does not let be made. */
  readonly byHand: readonly ByHand[];
}

/** The plan that mends findings, in the order that belongs to each: shared state never names what nobody serves, and control planes come one at a time. Pure. */
export function planRepair({ findings, view, snapshot }: RepairInput): RepairAnswer {
  const away = whyNoApi({ view, snapshot });
  const { board, byHand } = away === undefined ? draftRepair({ findings, view, snapshot }) : { board: refuseAll(findings, snapshot, away), byHand: [] };
  return { plan: board.plan(sha256(canonicalJson(findings.map(({ remedy }) => remedy)))), refused: board.refused(), byHand: [...handwork(findings), ...byHand] };
}

/**
 * Why nothing at all is planned. Without an API server what all machines share cannot be read, so that nobody knows whether a value on one of them comes from there, and none would serve while another starts anew. Both looks
 * must have had one: the findings rest on the first.
 */
export function whyNoApi({ view, snapshot }: Pick<RepairInput, 'view' | 'snapshot'>): string | undefined {
  if (snapshot.cluster.state !== 'known') return `no API server answers (${snapshot.cluster.why}): bring one back first`;
  return view.cluster === undefined ? 'no API server answered when the cluster was audited: run the command again' : undefined;
}

/** By the codes of the findings: which steps they would become is not known. */
function refuseAll(findings: readonly AuditFinding[], snapshot: Snapshot, why: string): DraftBoard {
  const board = new DraftBoard(snapshot);
  for (const { code, remedy } of findings) if (remedy.kind === 'automatic') board.refuse(code, undefined, why);
  return board;
}

/** What the planner will ask about every machine, found by planning for machines on which nothing is installed. */
export function repairProbes({ findings, view }: Omit<RepairInput, 'snapshot'>): readonly ProbeRequest[] {
  return draftRepair({ findings, view, snapshot: bareSnapshot(view.machines.map(laneOfMachine)) }).board.probes();
}

function draftRepair({ findings, view, snapshot }: RepairInput): RepairScene {
  const scene: RepairScene = { board: new DraftBoard(snapshot), view, findings, byHand: [] };
  planSharedValues(scene);
  planStableEndpoint(scene, planManifests(scene));
  planLeftovers(scene);
  return scene;
}

function handwork(findings: readonly AuditFinding[]): readonly ByHand[] {
  return findings.flatMap(({ code, remedy }) => (remedy.kind === 'by-hand' ? [{ code, steps: remedy.steps }] : []));
}
