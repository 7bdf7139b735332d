import { auditRules } from '../../src/rules/audit/audit-rules.ts';
import { preflightRules } from '../../src/rules/preflight/preflight-rules.ts';
import { markdownTable } from './markdown-table.ts';

/** What a page says of a rule, whichever set it belongs to. */
interface DescribedRule {
  readonly code: string;
  readonly severity: string;
  readonly grades?: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
}

/** Rules that are judged together. */
interface RuleSet {
  readonly folder: string;
  readonly source: string;
  readonly heading: string;
  /** What there is to say of all of them. */
  readonly about: string;
  readonly rules: readonly DescribedRule[];
}

export const RULE_FOLDERS = ['docs/rules', 'docs/rules/preflight'] as const;

const sets: readonly RuleSet[] = [
  {
    folder: RULE_FOLDERS[0],
    source: 'src/rules/audit/',
    heading: 'Rules of `kubewright audit`',
    about: 'In the order of what hurts first. `kubewright audit --explain CODE` says the same on the command line.',
    rules: auditRules,
  },
  {
    folder: RULE_FOLDERS[1],
    source: 'src/rules/preflight/',
    heading: 'Rules of preflight',
    about:
      "What `kubewright plan` and `kubewright apply` judge before anything is touched; `kubewright apply --check` does nothing else. An error refuses, a warning needs consent (`--allow CODE` or `--allow CODE=NODE`), a notice needs none. Most are judged on machines on which a deployment has yet to begin: what is on members is the cluster's own.",
    rules: preflightRules,
  },
];

/** `docs/rules/`: a page for each rule, and one for each set that lists them. */
export function rulePages(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(
    sets.flatMap((set) => [
      [`${set.folder}/README.md`, () => listPage(set)] as const,
      ...set.rules.map((rule) => [`${set.folder}/${rule.code}.md`, () => rulePage(rule, set)] as const),
    ]),
  );
}

const noteOf = ({ source }: RuleSet): string => `Generated from \`${source}\` by \`make generate\`: do not edit.`;

function listPage(set: RuleSet): string {
  const rows = set.rules.map(({ code, severity, title }) => [`[\`${code}\`](${code}.md)`, severity, title]);
  return `${[`# ${set.heading}`, noteOf(set), set.about, markdownTable(['code', 'severity', 'what it finds'], rows)].join('\n\n')}\n`;
}

function rulePage({ code, severity, grades, title, why, fix }: DescribedRule, set: RuleSet): string {
  // Names of programs stay as they are written.
  const sentence = (text: string): string =>
    /^(?:kube|etcd|systemctl|hostnamectl|mount|setenforce|swapoff|cloud-init)/.test(text) ? `${text}.` : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return `${[`# \`${code}\``, noteOf(set), sentence(title), `Severity: ${severity}${grades === undefined ? '' : `; ${grades}`}.`, `## Why it matters\n\n${sentence(why)}`, `## What to do\n\n${sentence(fix)}`].join('\n\n')}\n`;
}
