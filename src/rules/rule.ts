import type { Observed } from '../facts/observed.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { Finding, RuleResult, Severity, Unseen } from './finding.ts';

/** One thing that must hold. `T` is what its probes are asked for (a node), `I` what it judges. Pure. */
export interface Rule<T, I> {
  /** Stable; its findings carry it. */
  readonly code: string;
  /** What does not hold when it speaks. */
  readonly title: string;
  /** What breaks then, and when. */
  readonly why: string;
  /** What it must have looked at on a host. */
  readonly probes: (target: T) => readonly ProbeRequest[];
  readonly check: (input: I) => RuleResult;
}

/** What a rule saw that does not hold; title, severity and fix are the rule's own unless it says more exactly. */
export interface Complaint {
  readonly evidence: readonly string[];
  readonly node?: string;
  readonly title?: string;
  readonly severity?: Severity;
  readonly fix?: string;
}

export type Verdict = Complaint | Unseen;

export interface RuleDefinition<T, I> {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly probes?: (target: T) => readonly ProbeRequest[];
  /** Nothing: it holds. */
  readonly judge: (input: I) => readonly Verdict[];
}

const noProbes = (): readonly ProbeRequest[] => [];

export function defineRule<T, I>(definition: RuleDefinition<T, I>): Rule<T, I> {
  const { code, title, why, probes = noProbes, judge } = definition;
  return { code, title, why, probes, check: (input) => resultOf(definition, judge(input)) };
}

/** Verdicts as findings of the rule, and what could not be seen. */
export function resultOf(rule: Pick<RuleDefinition<never, never>, 'code' | 'title' | 'why' | 'fix'>, verdicts: readonly Verdict[]): RuleResult {
  return {
    findings: verdicts.flatMap((verdict) => ('evidence' in verdict ? [findingOf(rule, verdict)] : [])),
    unknown: verdicts.flatMap((verdict) => ('evidence' in verdict ? [] : [verdict])),
  };
}

function findingOf(rule: Pick<RuleDefinition<never, never>, 'code' | 'title' | 'why' | 'fix'>, complaint: Complaint): Finding {
  const { evidence, node, title = rule.title, severity = 'error', fix = rule.fix } = complaint;
  return { code: rule.code, severity, ...(node !== undefined && { node }), title, evidence, why: rule.why, fix };
}

/** Judges what was seen; what was not is never a pass. */
export function judgeSeen<V>(fact: Observed<V>, unseen: { readonly what: string; readonly node?: string }, judge: (value: V) => readonly Verdict[]): readonly Verdict[] {
  return fact.state === 'known' ? judge(fact.value) : [{ ...unseen, why: fact.why }];
}

/** A complaint about all that was gathered, or none where nothing was. */
export function complainOf(evidence: readonly string[], complaint: Omit<Complaint, 'evidence'> = {}): readonly Verdict[] {
  return evidence.length === 0 ? [] : [{ ...complaint, evidence }];
}

/** All results as one; what several rules missed for the same reason is told once. */
export function mergeResults(results: readonly RuleResult[]): RuleResult {
  const reasons = new Map<string, Unseen>();
  for (const unseen of results.flatMap(({ unknown }) => unknown)) {
    const key = JSON.stringify([unseen.node, unseen.why]);
    const before = reasons.get(key);
    const whats = before === undefined ? [] : before.what.split(', ');
    reasons.set(key, { ...unseen, what: whats.includes(unseen.what) ? whats.join(', ') : [...whats, unseen.what].join(', ') });
  }
  return { findings: results.flatMap(({ findings }) => findings), unknown: [...reasons.values()] };
}
