import type { HostFacts } from '../../facts/host-facts.ts';
import { hostOfNode } from '../../facts/observed.ts';
import type { RuleResult } from '../finding.ts';
import type { Rule, RuleDefinition, Verdict } from '../rule.ts';
import { defineRule, judgeSeen, resultOf } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import type { IdentityInput, VerifyTarget } from './verify-input.ts';

/** A rule about one node that can be asked for that node alone: the gate after its join. */
export interface IdentityRule extends Rule<VerifyTarget, IdentityInput> {
  readonly checkNode: (node: ExpectedNode, input: IdentityInput) => RuleResult;
}

interface IdentityDefinition extends Omit<RuleDefinition<VerifyTarget, IdentityInput>, 'judge'> {
  readonly judgeNode: (node: ExpectedNode, input: IdentityInput) => readonly Verdict[];
}

export function defineIdentityRule({ judgeNode, ...rest }: IdentityDefinition): IdentityRule {
  const judge = (input: IdentityInput): readonly Verdict[] => input.expected.nodes.flatMap((node) => judgeNode(node, input));
  return { ...defineRule({ ...rest, judge }), checkNode: (node, input) => resultOf(rest, judgeNode(node, input)) };
}

/** Judges what was seen on the node's own host; `what` says what is missing otherwise. */
export function onHost(node: ExpectedNode, { snapshot }: IdentityInput, what: string, judge: (host: HostFacts) => readonly Verdict[]): readonly Verdict[] {
  return judgeSeen(hostOfNode(snapshot, node.name), { node: node.name, what }, judge);
}

/** The others of a role, or all others. */
export function othersOf(node: ExpectedNode, { expected }: IdentityInput, role?: ExpectedNode['role']): readonly ExpectedNode[] {
  return expected.nodes.filter((other) => other.name !== node.name && (role === undefined || other.role === role));
}
