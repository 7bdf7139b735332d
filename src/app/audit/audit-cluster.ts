import type { ReportJson } from '../../contract/report.ts';
import { auditReportJson } from '../../contract/report.ts';
import type { RuleJson } from '../../contract/rule.ts';
import { ruleJson } from '../../contract/rule.ts';
import { AppError } from '../../errors/app-error.ts';
import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import { COMPONENTS } from '../../facts/audit/programs.ts';
import type { AuditFinding } from '../../rules/audit/audit-rule.ts';
import type { AuditResult } from '../../rules/audit/audit-rules.ts';
import { auditFindings, auditRules } from '../../rules/audit/audit-rules.ts';
import { unseenLines, withAdvice } from '../unseen-fact.ts';
import type { AuditLook, AuditReach } from './observe-for-audit.ts';
import { lookForAudit } from './observe-for-audit.ts';

export interface AuditRequest {
  readonly reach: AuditReach;
  readonly signal: AbortSignal;
  /** What is being done, a line each. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Looks at a cluster that anybody made with kubeadm, and changes nothing. What could not be seen is told in the report. Throws `cluster-unreachable`
 * when nothing could be seen at all.
 */
export async function auditCluster({ only = [], ...request }: AuditRequest & { readonly only?: readonly string[] }): Promise<ReportJson> {
  const { snapshot } = await lookAtCluster(request);
  return reportOf(onlyOf(auditFindings(snapshot, new Date()), only), snapshot);
}

/** Findings of some codes, or all where none is given. */
export function onlyOf({ findings, unknown }: AuditResult, only: readonly string[]): AuditResult {
  return { findings: only.length === 0 ? findings : findings.filter(({ code }) => only.includes(code)), unknown };
}

/** One look at the whole cluster. Throws `cluster-unreachable` when nothing could be seen at all. */
export async function lookAtCluster({ reach, signal, onProgress = () => undefined }: AuditRequest): Promise<AuditLook> {
  onProgress('looking at the machines and the cluster');
  const look = await lookForAudit(reach, signal);
  const { machines } = look.snapshot;
  if (!machines.some(({ facts }) => facts.state === 'known')) {
    const details = unseenLines(machines.flatMap(({ facts }) => (facts.state === 'known' ? [] : [facts])));
    throw new AppError('cluster-unreachable', 'no machine could be looked at', {
      retry: 'safe',
      hint: 'check the SSH access to one control plane, then run the command again',
      details,
    });
  }
  onProgress(`looked at ${machines.map(({ name }) => name).join(', ')}`);
  if (look.snapshot.cluster.state !== 'known' && !machines.some(({ facts }) => facts.state === 'known' && holdsCluster(facts.value))) throw noClusterOn(machines);
  return look;
}

const KUBERNETES = new Set<string>(COMPONENTS);

/** A node of a cluster runs a kubelet at least, or has a static pod or a kubeconfig that waits for one. */
function holdsCluster({ processes, manifests, kubeconfigs }: MachineFacts): boolean {
  return processes.some(({ component }) => KUBERNETES.has(component)) || manifests.length > 0 || Object.keys(kubeconfigs).length > 0;
}

function noClusterOn(machines: AuditSnapshot['machines']): AppError {
  const seen = machines.filter(({ facts }) => facts.state === 'known').map(({ name }) => name);
  return new AppError('cluster-unreachable', `there is no cluster on ${seen.join(', ')}: no kubelet, no static pod and no kubeconfig of Kubernetes was found there`, {
    hint: 'name a machine of the cluster, a control plane best',
    details: unseenLines(machines.flatMap(({ facts }) => (facts.state === 'known' ? [] : [facts]))),
  });
}

/** What a look found, as it is printed. */
export function reportOf({ findings, unknown }: AuditResult, { machines }: Pick<AuditSnapshot, 'machines'>): ReportJson {
  const factsOf = Object.fromEntries(machines.map(({ name, facts }) => [name, facts]));
  return auditReportJson(findings.map(findingJson), withAdvice(unknown, factsOf));
}

/** What a rule looks for; undefined for a code that no rule has. */
export function explainRule(code: string): RuleJson | undefined {
  const rule = auditRules.find((candidate) => candidate.code === code);
  if (rule === undefined) return undefined;
  const { severity, grades, title, why, fix, isMended = false } = rule;
  return ruleJson({ code, severity, ...(grades !== undefined && { grades }), title, why, fix, isMended });
}

/** Codes of all rules. */
export function ruleCodes(): readonly string[] {
  return auditRules.map(({ code }) => code);
}

function findingJson({ remedy, ...finding }: AuditFinding): ReportJson['findings'][number] {
  return { ...finding, ...(remedy.kind === 'automatic' && { repair: { ...remedy.repair } }) };
}
