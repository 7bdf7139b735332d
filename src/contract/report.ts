import { z } from 'zod';
import { compareStrings } from '../util/canonical-json.ts';
import { API_VERSION, headerOf } from './header.ts';

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'notice']),
  node: z.string().optional(),
  title: z.string(),
  evidence: z.array(z.string()).readonly().describe('what was seen, one line each'),
  why: z.string().describe('why it matters'),
  fix: z.string().describe('what to do, imperative'),
  repair: z.looseObject({ kind: z.string() }).optional().describe('of a finding that can be mended without a person: what a planner needs for it'),
});

const unseen = z.strictObject({
  node: z.string().optional(),
  what: z.string(),
  why: z.string(),
  advice: z.array(z.string()).readonly().optional().describe('what a machine that was not reached said, and what to do'),
});

/** What `verify`, `audit` and a refused preflight answer. */
export const reportSchema = z.strictObject({
  ...headerOf('Report'),
  ok: z.boolean(),
  findings: z.array(finding).readonly(),
  unknown: z.array(unseen).readonly().describe('what a check needed and could not see'),
});

export type ReportJson = z.infer<typeof reportSchema>;
export type FindingJson = ReportJson['findings'][number];
export type UnknownJson = ReportJson['unknown'][number];
export type Severity = FindingJson['severity'];

/** A report is ok when nothing in it is an error and nothing that a check needed is unknown. Its findings stand by code and node. */
export function reportJson(findings: readonly FindingJson[], unknown: readonly UnknownJson[]): ReportJson {
  const ok = unknown.length === 0 && findings.every(({ severity }) => severity !== 'error');
  const sorted = [...findings].sort((a, b) => compareStrings(a.code, b.code) || compareStrings(a.node ?? '', b.node ?? ''));
  return { apiVersion: API_VERSION, kind: 'Report', ok, findings: sorted, unknown };
}

/** A preflight's report, what hurts first before the rest: whether it lets a deployment begin follows from consents too. What could not be seen is told and does not count. */
export function judgedReportJson(findings: readonly FindingJson[], unknown: readonly UnknownJson[], ok: boolean): ReportJson {
  const sorted = (['error', 'warning', 'notice'] as const).flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return { apiVersion: API_VERSION, kind: 'Report', ok, findings: sorted, unknown };
}

/** An audit's report: its findings stay in their order, what hurts first before the rest; what could not be seen is told and does not count. */
export function auditReportJson(findings: readonly FindingJson[], unknown: readonly UnknownJson[]): ReportJson {
  return { apiVersion: API_VERSION, kind: 'Report', ok: findings.every(({ severity }) => severity !== 'error'), findings, unknown };
}
