import type { RuleResult, Severity } from '../finding.ts';
import type { Complaint, Verdict } from '../rule.ts';
import { resultOf } from '../rule.ts';
import type { FreshMachine, PreflightView } from './preflight-input.ts';

/** One thing that must hold before anything is touched. Pure. */
export interface PreflightRule {
  /** Stable; its findings carry it, `--allow` takes it, and its page in `docs/rules/preflight/` is named so. */
  readonly code: string;
  /** Of what it mostly finds. An error is never consented to, a warning is by `--allow`, a notice needs no consent. */
  readonly severity: Severity;
  /** When a finding has another severity. */
  readonly grades?: string;
  readonly title: string;
  /** What breaks then, and when. */
  readonly why: string;
  /** What to do, imperative. */
  readonly fix: string;
  readonly check: (view: PreflightView) => RuleResult;
}

interface PreflightDefinition extends Omit<PreflightRule, 'check'> {
  /** Nothing: it holds. */
  readonly judge: (view: PreflightView) => readonly Verdict[];
}

export function definePreflightRule({ judge, ...rule }: PreflightDefinition): PreflightRule {
  const graded = (verdict: Verdict): Verdict => ('evidence' in verdict ? { severity: rule.severity, ...verdict } : verdict);
  return { ...rule, check: (view) => resultOf(rule, judge(view).map(graded)) };
}

interface MachineDefinition extends Omit<PreflightRule, 'check'> {
  readonly judgeMachine: (machine: FreshMachine, view: PreflightView) => readonly (Verdict | string)[];
}

/** A rule about each machine by itself on which a deployment has yet to begin; a text is the evidence of a complaint. All of one machine are one finding. */
export function defineMachineRule({ judgeMachine, ...rule }: MachineDefinition): PreflightRule {
  const judge = (view: PreflightView): readonly Verdict[] => view.fresh.flatMap((machine) => aboutMachine(machine, judgeMachine(machine, view)));
  return definePreflightRule({ ...rule, judge });
}

function aboutMachine({ node }: FreshMachine, said: readonly (Verdict | string)[]): readonly Verdict[] {
  const texts = said.flatMap((each) => (typeof each === 'string' ? [each] : []));
  const verdicts = said.flatMap((each) => (typeof each === 'string' ? [] : [{ node: node.name, ...each }]));
  const complaint: Complaint = { node: node.name, evidence: texts };
  return texts.length === 0 ? verdicts : [complaint, ...verdicts];
}
