import type { InsideAnswer } from '../../facts/inside/inside-facts.ts';
import { defineRule } from '../rule.ts';
import { judgeInside } from './inside-answers.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

const words = ({ question }: InsideAnswer): string => `reaching a pod on ${question.ask === 'peer' ? question.node : 'another node'}`;

/** Pods reach pods on other nodes. */
export const podNetwork: VerifyRule = defineRule({
  code: 'pod-network',
  title: 'pods on the node do not reach pods on another node',
  why: 'the network plugin does not connect the two nodes: whatever is spread over them fails for a part of its traffic',
  fix: "look at the network plugin's pods on both nodes, and whether its port (flannel: UDP 8472) is open between them",
  judge: (input: VerifyInput) => (input.expected.nodes.length > 1 ? judgeInside(input, ['peer'], words) : []),
});
