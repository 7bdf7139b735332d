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
  /** By `audit --fix`. */
  readonly isMended?: boolean;
}

const MENDED = '`kubewright audit --fix` does it, and shows the plan first.';
const BY_HAND = '`kubewright audit --fix` leaves this to you.';

/** Rules that are judged together. */
interface RuleSet {
  readonly folder: string;
  readonly source: string;
  readonly heading: string;
  /** What there is to say of all of them. */
  readonly about: string;
  readonly rules: readonly DescribedRule[];
  /** Whether a command mends what they find. */
  readonly isMendable: boolean;
}

export const RULE_FOLDERS = ['docs/rules', 'docs/rules/preflight'] as const;

const sets: readonly RuleSet[] = [
  {
    folder: RULE_FOLDERS[0],
    source: 'src/rules/audit/',
    heading: 'Rules of `kubewright audit`',
    about: 'In the order of what hurts first. `kubewright audit --explain CODE` says the same on the command line.',
    rules: auditRules,
    isMendable: true,
  },
  {
    folder: RULE_FOLDERS[1],
    source: 'src/rules/preflight/',
    heading: 'Rules of preflight',
    about:
      "What `kubewright plan` and `kubewright apply` judge before anything is touched; `kubewright apply --check` does nothing else. An error refuses, a warning needs consent (`--allow CODE` or `--allow CODE=NODE`), a notice needs none. Most are judged on machines on which a deployment has yet to begin: what is on members is the cluster's own.",
    rules: preflightRules,
    isMendable: false,
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
  const { isMendable } = set;
  const rows = set.rules.map(({ code, severity, title, isMended }) => [
    `[\`${code}\`](${code}.md)`,
    severity,
    ...(isMendable ? [isMended === true ? 'yes' : 'by hand'] : []),
    title,
  ]);
  const columns = ['code', 'severity', ...(isMendable ? ['`--fix`'] : []), 'what it finds'];
  return `${[`# ${set.heading}`, noteOf(set), set.about, markdownTable(columns, rows)].join('\n\n')}\n`;
}

function rulePage({ code, severity, grades, title, why, fix, isMended }: DescribedRule, set: RuleSet): string {
  // Names of programs stay as they are written.
  const sentence = (text: string): string =>
    /^(?:kube|etcd|systemctl|hostnamectl|mount|setenforce|swapoff|cloud-init)/.test(text) ? `${text}.` : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  const sections = [`# \`${code}\``, noteOf(set), sentence(title), `Severity: ${severity}${grades === undefined ? '' : `; ${grades}`}.`, `## Why it matters\n\n${sentence(why)}`];
  return `${[...sections, `## What to do\n\n${sentence(fix)}`, ...(set.isMendable ? [isMended === true ? MENDED : BY_HAND] : [])].join('\n\n')}\n`;
}
