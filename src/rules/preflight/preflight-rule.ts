import type { GroundFacts } from '../../facts/ground/ground-facts.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import { hostOfNode } from '../../facts/observed.ts';
import { standingOf } from '../../facts/standing.ts';
import type { RuleResult, Severity } from '../finding.ts';
import type { Complaint, Verdict } from '../rule.ts';
import { resultOf } from '../rule.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';
import type { PreflightInput } from './preflight-input.ts';

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
  readonly check: (input: PreflightInput) => RuleResult;
}

interface PreflightDefinition extends Omit<PreflightRule, 'check'> {
  /** Nothing: it holds. */
  readonly judge: (input: PreflightInput) => readonly Verdict[];
}

export function definePreflightRule({ judge, ...rule }: PreflightDefinition): PreflightRule {
  const graded = (verdict: Verdict): Verdict => ('evidence' in verdict ? { severity: rule.severity, ...verdict } : verdict);
  return { ...rule, check: (input) => resultOf(rule, judge(input).map(graded)) };
}

/** A machine on which a deployment has yet to begin. */
export interface FreshMachine {
  readonly node: ExpectedNode;
  readonly host: HostFacts;
  readonly ground: GroundFacts;
}

/** Machines that are not, and are not becoming, members: what is on the others is the cluster's own. */
export function freshMachines({ nodes, snapshot }: PreflightInput): readonly FreshMachine[] {
  return nodes.flatMap((node) => {
    const standing = standingOf(node, snapshot);
    const host = hostOfNode(snapshot, node.name);
    if (standing === 'ours' || host.state !== 'known' || host.value.ground === undefined) return [];
    return [{ node, host: host.value, ground: host.value.ground }];
  });
}

interface MachineDefinition extends Omit<PreflightRule, 'check'> {
  readonly judgeMachine: (machine: FreshMachine, input: PreflightInput) => readonly (Verdict | string)[];
}

/** A rule about each machine by itself on which a deployment has yet to begin; a text is the evidence of a complaint. All of one machine are one finding. */
export function defineMachineRule({ judgeMachine, ...rule }: MachineDefinition): PreflightRule {
  const judge = (input: PreflightInput): readonly Verdict[] => freshMachines(input).flatMap((machine) => aboutMachine(machine, judgeMachine(machine, input)));
  return definePreflightRule({ ...rule, judge });
}

function aboutMachine({ node }: FreshMachine, said: readonly (Verdict | string)[]): readonly Verdict[] {
  const texts = said.flatMap((each) => (typeof each === 'string' ? [each] : []));
  const verdicts = said.flatMap((each) => (typeof each === 'string' ? [] : [{ node: node.name, ...each }]));
  const complaint: Complaint = { node: node.name, evidence: texts };
  return texts.length === 0 ? verdicts : [complaint, ...verdicts];
}
