import type { FindingJson, ReportJson } from '../../src/contract/report.ts';
import { labPaths } from '../../src/lab/lab-paths.ts';
import { kubewright } from './kubewright.ts';
import type { Ended } from './kubewright.ts';
import type { Machine } from './test-lab.ts';

/** Flags by which the audit reaches the cluster of a lab machine without a cluster file. */
function reachOf({ lab, address }: Machine): readonly string[] {
  const { identityFile, knownHostsFile } = labPaths(lab);
  return ['--host', `root@${address}`, '--identity-file', identityFile, '--known-hosts', knownHostsFile];
}

/** The audit of a cluster for which there is no cluster file, from one of its machines. */
export async function auditFrom(machine: Machine, ...words: readonly string[]): Promise<Ended> {
  return kubewright(['audit', ...reachOf(machine), ...words]);
}

/** What an audit came to. */
export interface Audited {
  readonly exitCode: number | null;
  readonly seconds: number;
  readonly report: ReportJson;
  /** Codes of all findings, each once. */
  readonly codes: readonly string[];
}

export async function audited(words: readonly string[]): Promise<Audited> {
  const { exitCode, stdout, stderr, seconds } = await kubewright(['audit', '-o', 'json', ...words]);
  if (stdout === '') throw new Error(`audit ${words.join(' ')} ended with ${exitCode} and no report: ${stderr}`);
  const report = JSON.parse(stdout) as ReportJson;
  return { exitCode, seconds, report, codes: [...new Set(report.findings.map(({ code }) => code))] };
}

export async function auditedFrom(machine: Machine): Promise<Audited> {
  return audited(reachOf(machine));
}

export function findingsOf({ report }: Audited, code: string): readonly FindingJson[] {
  return report.findings.filter((finding) => finding.code === code);
}

/** Codes of errors. */
export function errorsOf({ report }: Audited): readonly string[] {
  return report.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}
