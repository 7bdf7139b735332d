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
  const { board, byHand } = draftRepair({ findings, view, snapshot });
  return { plan: board.plan(sha256(canonicalJson(findings.map(({ remedy }) => remedy)))), refused: board.refused(), byHand: [...handwork(findings), ...byHand] };
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
