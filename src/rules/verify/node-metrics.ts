import type { MetricsFact } from '../../facts/inside/inside-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

function judgeMetrics({ nodes, complaint }: MetricsFact, { expected }: VerifyInput): readonly Verdict[] {
  if (complaint !== '') return complainOf([`kubectl top nodes: ${complaint}`]);
  return expected.nodes.filter(({ name }) => !nodes.includes(name)).flatMap(({ name }) => complainOf(['kubectl top nodes shows no figures for it'], { node: name }));
}

/** `kubectl top nodes` answers for every node, where metrics-server is wanted. */
export const nodeMetrics: VerifyRule = defineRule({
  code: 'node-metrics',
  title: 'there are no metrics of a node',
  why: 'kubectl top and horizontal autoscaling do not work, for that node or at all',
  fix: 'kubectl -n kube-system logs deployment/metrics-server tells which node it cannot ask and why',
  judge: (input: VerifyInput) =>
    input.expected.metricsServer
      ? judgeSeen(input.inside, { what: 'metrics of the nodes' }, ({ metrics }) => judgeSeen(metrics, { what: 'metrics of the nodes' }, (seen) => judgeMetrics(seen, input)))
      : [],
});
