import type { ReportJson, Severity } from '../contract/report.ts';
import { exitCodes } from '../errors/codes.ts';

const GRAVEST_FIRST = ['error', 'warning', 'notice'] as const satisfies readonly Severity[];

/** 7 when a finding is as grave as `failOn` or graver. */
export function exitCodeOfFindings({ findings }: ReportJson, failOn: Severity): number {
  const counted = new Set<Severity>(GRAVEST_FIRST.slice(0, GRAVEST_FIRST.indexOf(failOn) + 1));
  return findings.some(({ severity }) => counted.has(severity)) ? exitCodes.findings : exitCodes.ok;
}
