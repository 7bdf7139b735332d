import type { ReportJson } from '../../contract/report.ts';
import { AppError } from '../../errors/app-error.ts';
import { KUBEADM, valueAt } from '../../rules/audit/shared-documents.ts';
import type { AuditView } from '../../rules/audit/audit-view.ts';
import { auditView } from '../../rules/audit/audit-view.ts';
import { laneOfMachine } from '../../planning/repair/repair-scene.ts';
import type { ByHand } from '../../planning/repair/repair-scene.ts';
import { whyNoApi, planRepair, repairProbes } from '../../planning/repair/plan-repair.ts';
import type { AuditResult } from '../../rules/audit/audit-rules.ts';
import { auditFindings } from '../../rules/audit/audit-rules.ts';
import { observeSettled } from '../observe-settled.ts';
import type { Fleet } from '../observe-fleet.ts';
import { checkWellFormed, toJson } from '../plan-json.ts';
import { journalDirectory, leftByLastRun } from '../run-journal.ts';
import type { RunnablePlan } from '../runnable-plan.ts';
import type { AuditRequest } from './audit-cluster.ts';
import { lookAtCluster, onlyOf, reportOf } from './audit-cluster.ts';

export interface RepairRequest extends AuditRequest {
  /** Codes of findings; without any, all that are graver than a notice. */
  readonly only: readonly string[];
  /** Waits for scripts that an earlier run left at work; otherwise they are refused. */
  readonly collect: boolean;
  /** As `SettleContext` has it. */
  readonly takeOver?: string | undefined;
}

/** A plan that mends findings of an audit. */
export interface PlannedRepair extends RunnablePlan {
  /** The findings that it was made for. */
  readonly report: ReportJson;
  /** What it does not mend, with what a person does instead. */
  readonly byHand: readonly ByHand[];
  readonly fleet: Fleet;
  /** Addresses of each machine: by them work differs that is equal otherwise. */
  readonly ownValues: Readonly<Record<string, readonly string[]>>;
}

/**
 * Audits a cluster, looks once more at what the repairs would change, and plans them. Changes nothing. Throws `cluster-unreachable` when no API server
 * answers: without one nothing can be mended safely.
 */
export async function planClusterRepair(request: RepairRequest): Promise<PlannedRepair> {
  const { signal, only, collect, takeOver, onProgress = () => undefined } = request;
  const now = new Date();
  const { snapshot: audited, fleet } = await lookAtCluster(request);
  const view = auditView(audited, now);
  const chosen = toMend(auditFindings(audited, now), only);
  const { findings } = chosen;
  const cluster = nameOf(view);
  const journalName = cluster;
  if (collect) sayWhatIsLeft(journalName, onProgress);
  const snapshot = await observeSettled(repairProbes({ findings, view }), { fleet, signal, onProgress, collect, takeOver });
  const { plan, refused, byHand } = planRepair({ findings, view, snapshot });
  if (whyNoApi({ view, snapshot }) !== undefined && refused.length > 0)
    throw new AppError('cluster-unreachable', 'no API server answers, and nothing can be mended without one; nothing was changed', {
      details: refused.map(({ id, why }) => `${id}: ${why}`),
      retry: 'safe',
    });
  checkWellFormed(plan);
  const controlPlanes = view.controlPlanes.filter(({ facts }) => facts !== undefined).map(laneOfMachine);
  return {
    report: reportOf(chosen, audited),
    ...{ journalName, plan, json: toJson(cluster, plan), refused, byHand, snapshot, controlPlanes, fleet },
    ownValues: Object.fromEntries(view.machines.map(({ name, addresses }) => [name, addresses])),
    artifacts: new Map(),
    expected: undefined,
  };
}

/** A notice is no reason to change a cluster, unless it is asked for by its code. */
function toMend({ findings, unknown }: AuditResult, only: readonly string[]): AuditResult {
  return only.length > 0 ? onlyOf({ findings, unknown }, only) : { findings: findings.filter(({ severity }) => severity !== 'notice'), unknown };
}

const DEFAULT_NAME = 'kubernetes';

/** As kubeadm has it. Somebody else's text: it becomes the name of a directory. */
function nameOf(view: AuditView): string {
  const name = valueAt(view, KUBEADM, 'clusterName')?.value ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(name) ? name : DEFAULT_NAME;
}

function sayWhatIsLeft(journalName: string, onProgress: (line: string) => void): void {
  const left = leftByLastRun(journalDirectory(journalName));
  if (left !== undefined) onProgress(left);
}
