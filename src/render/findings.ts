import type { FindingJson, ReportJson, Severity, UnknownJson } from '../contract/report.ts';
import { count } from '../util/count.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';

const severities = ['error', 'warning', 'notice'] as const satisfies readonly Severity[];
const colorOf = { error: 'red', warning: 'yellow', notice: 'cyan' } as const satisfies Record<Severity, keyof Paint>;

/** A report for people: the gravest first, else in the report's own order, then what could not be seen, then one line that sums up. Ends with a newline. */
export function renderReport(report: ReportJson, paint: Paint): string {
  const sorted = severities.flatMap((severity) => report.findings.filter((finding) => finding.severity === severity));
  const blocks = [...sorted.map((finding) => findingLines(finding, paint)), ...unknownBlock(report.unknown, paint), [sumUp(report, paint)]];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function findingLines({ severity, code, node, title, evidence, why, fix }: FindingJson, paint: Paint): readonly string[] {
  const head = [paint[colorOf[severity]](severity), code, ...(node === undefined ? [] : [paint.bold(node)])].join('  ');
  return [head, `  ${harmless(title)}`, ...evidence.map((line) => `  seen: ${harmless(line)}`), `  why:  ${harmless(why)}`, `  fix:  ${harmless(fix)}`];
}

function unknownBlock(unknown: readonly UnknownJson[], paint: Paint): readonly (readonly string[])[] {
  if (unknown.length === 0) return [];
  const lines = unknown.flatMap(({ node, what, why, advice = [] }) => [
    `  ${node === undefined ? '' : `${node}: `}${harmless(what)}: ${harmless(why)}`,
    ...advice.map((line) => `    ${harmless(line)}`),
  ]);
  return [[paint.yellow('could not be seen'), ...lines]];
}

function sumUp({ ok, findings, unknown }: ReportJson, paint: Paint): string {
  const counts = severities.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [count(number, severity)];
  });
  const words = [...counts, ...(unknown.length === 0 ? [] : [`${unknown.length} not known`])].join(', ');
  return `${ok ? paint.green('ok') : paint.red('not ok')}: ${words === '' ? 'nothing found' : words}`;
}
