import type { ReportJson } from '../../contract/report.ts';
import { auditReportJson } from '../../contract/report.ts';
import type { RuleJson } from '../../contract/rule.ts';
import { ruleJson } from '../../contract/rule.ts';
import { AppError } from '../../errors/app-error.ts';
import type { AuditFinding } from '../../rules/audit/audit-rule.ts';
import { auditFindings, auditRules } from '../../rules/audit/audit-rules.ts';
import { unseenLines, withAdvice } from '../unseen-fact.ts';
import type { AuditReach } from './observe-for-audit.ts';
import { observeForAudit } from './observe-for-audit.ts';

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
export async function auditCluster({ reach, signal, onProgress = () => undefined }: AuditRequest): Promise<ReportJson> {
  onProgress('looking at the machines and the cluster');
  const snapshot = await observeForAudit(reach, signal);
  const { machines } = snapshot;
  if (!machines.some(({ facts }) => facts.state === 'known')) {
    const details = unseenLines(machines.flatMap(({ facts }) => (facts.state === 'known' ? [] : [facts])));
    throw new AppError('cluster-unreachable', 'no machine could be looked at', {
      retry: 'safe',
      hint: 'check the SSH access to one control plane, then run the command again',
      details,
    });
  }
  onProgress(`looked at ${machines.map(({ name }) => name).join(', ')}`);
  const { findings, unknown } = auditFindings(snapshot, new Date());
  const factsOf = Object.fromEntries(machines.map(({ name, facts }) => [name, facts]));
  return auditReportJson(findings.map(findingJson), withAdvice(unknown, factsOf));
}

/** What a rule looks for; undefined for a code that no rule has. */
export function explainRule(code: string): RuleJson | undefined {
  const rule = auditRules.find((candidate) => candidate.code === code);
  if (rule === undefined) return undefined;
  const { severity, grades, title, why, fix } = rule;
  return ruleJson({ code, severity, ...(grades !== undefined && { grades }), title, why, fix });
}

/** Codes of all rules. */
export function ruleCodes(): readonly string[] {
  return auditRules.map(({ code }) => code);
}

function findingJson({ remedy, ...finding }: AuditFinding): ReportJson['findings'][number] {
  return { ...finding, ...(remedy.kind === 'automatic' && { repair: { ...remedy.repair } }) };
}
