import type { Finding, Severity } from '../finding.ts';
import type { AuditView } from './audit-view.ts';
import type { Fix, Repair } from './repair.ts';

/** What an audit found, with its fix as data. */
export interface AuditFinding extends Finding {
  readonly remedy: Fix;
}

/** What a rule of the audit saw that does not hold. */
export interface AuditComplaint {
  /** File and line, or object and field, with the values side by side. */
  readonly evidence: readonly string[];
  readonly node?: string;
  readonly title?: string;
  /** Where it is not the rule's own. */
  readonly severity?: Severity;
  /** Of a complaint that can be mended without a person. */
  readonly repair?: Repair;
  /** What a person does, where it is not the rule's own advice. */
  readonly steps?: readonly string[];
}

export interface AuditDefinition {
  /** Stable; its findings carry it, and its page in `docs/rules/` is named so. */
  readonly code: string;
  /** Of what it mostly finds; single findings may be graver or milder. */
  readonly severity: Severity;
  readonly title: string;
  /** What breaks, and when. */
  readonly why: string;
  /** What to do, imperative. */
  readonly fix: string;
  /** When a finding has another severity. */
  readonly grades?: string;
  /** Whether `audit --fix` mends what it finds, or at least most of it. */
  readonly isMended?: true;
  readonly judge: (view: AuditView) => readonly AuditComplaint[];
}

/** One thing that an audit looks for. Pure. */
export interface AuditRule extends Omit<AuditDefinition, 'judge'> {
  readonly check: (view: AuditView) => readonly AuditFinding[];
}

export function defineAuditRule({ judge, ...rule }: AuditDefinition): AuditRule {
  return { ...rule, check: (view) => judge(view).map((complaint) => findingOf(rule, complaint)) };
}

function findingOf(
  rule: Omit<AuditDefinition, 'judge'>,
  { evidence, node, title = rule.title, severity = rule.severity, repair, steps = [rule.fix] }: AuditComplaint,
): AuditFinding {
  const remedy: Fix = repair === undefined ? { kind: 'by-hand', steps } : { kind: 'automatic', repair };
  return { code: rule.code, severity, ...(node !== undefined && { node }), title, evidence, why: rule.why, fix: steps.join('; '), remedy };
}

/** One complaint about all that was gathered, or none where nothing was. */
export function complain(evidence: readonly string[], complaint: Omit<AuditComplaint, 'evidence'> = {}): readonly AuditComplaint[] {
  return evidence.length === 0 ? [] : [{ ...complaint, evidence }];
}

/** Things of several severities as one complaint each. */
export function complainBySeverity<T extends { readonly severity: Severity }>(
  things: readonly T[],
  complaintOf: (some: readonly T[], severity: Severity) => AuditComplaint,
): readonly AuditComplaint[] {
  return (['error', 'warning', 'notice'] as const).flatMap((severity) => {
    const some = things.filter((thing) => thing.severity === severity);
    return some.length === 0 ? [] : [{ ...complaintOf(some, severity), severity }];
  });
}
