import { auditRules } from '../../src/rules/audit/audit-rules.ts';
import type { AuditRule } from '../../src/rules/audit/audit-rule.ts';
import { markdownTable } from './markdown-table.ts';

const FOLDER = 'docs/rules';
const NOTE = 'Generated from `src/rules/audit/` by `make generate`: do not edit.';

const MENDED = '`kubewright audit --fix` does it, and shows the plan first.';
const BY_HAND = '`kubewright audit --fix` leaves this to you.';

/** `docs/rules/`: a page for each rule of the audit, and one that lists them. */
export function rulePages(): Readonly<Record<string, () => string>> {
  return { [`${FOLDER}/README.md`]: listPage, ...Object.fromEntries(auditRules.map((rule) => [`${FOLDER}/${rule.code}.md`, () => rulePage(rule)])) };
}

function listPage(): string {
  const rows = auditRules.map(({ code, severity, title, isMended }) => [`[\`${code}\`](${code}.md)`, severity, isMended === true ? 'yes' : 'by hand', title]);
  return `${['# Rules of `kubewright audit`', NOTE, 'In the order of what hurts first. `kubewright audit --explain CODE` says the same on the command line.', markdownTable(['code', 'severity', '`--fix`', 'what it finds'], rows)].join('\n\n')}\n`;
}

function rulePage({ code, severity, grades, title, why, fix, isMended }: AuditRule): string {
  // Names of programs stay as they are written.
  const sentence = (text: string): string => (/^(?:kube|etcd|systemctl)/.test(text) ? `${text}.` : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
  return `${[`# \`${code}\``, NOTE, sentence(title), `Severity: ${severity}${grades === undefined ? '' : `; ${grades}`}.`, `## Why it matters\n\n${sentence(why)}`, `## What to do\n\n${sentence(fix)}`, isMended === true ? MENDED : BY_HAND].join('\n\n')}\n`;
}
