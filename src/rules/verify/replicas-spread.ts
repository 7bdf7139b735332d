import type { WorkloadFact } from '../../facts/cluster-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

const COREDNS = 'kube-system/Deployment/coredns';
const METRICS_SERVER = 'kube-system/Deployment/metrics-server';
const REPLICAS = 2;

function judgeWorkload(name: string, workload: WorkloadFact | undefined, nodes: number): readonly Verdict[] {
  if (workload === undefined) return complainOf([`${name} is absent`]);
  const replicas = Math.min(REPLICAS, nodes);
  const hosts = new Set(workload.podNodes);
  return complainOf([
    ...(workload.ready >= replicas ? [] : [`${name} has ${workload.ready} pods ready, ${replicas} are needed`]),
    ...(hosts.size >= replicas ? [] : [`all pods of ${name} run on ${[...hosts].join(', ') || 'no node'}`]),
  ]);
}

/** CoreDNS and metrics-server survive the loss of any one node. */
export const replicasSpread: VerifyRule = defineRule({
  code: 'replicas-spread',
  title: 'a service that every node needs hangs on one node',
  why: 'when that node is lost, names or metrics are lost for the whole cluster until its pods have been made again elsewhere',
  fix: 'kubectl -n kube-system rollout restart deployment NAME places the pods anew, once two nodes are Ready',
  judge: ({ snapshot, expected }: VerifyInput) =>
    judgeSeen(snapshot.cluster, { what: 'CoreDNS and metrics-server' }, ({ workloads }) =>
      [COREDNS, ...(expected.metricsServer ? [METRICS_SERVER] : [])].flatMap((name) => judgeWorkload(name, workloads[name], expected.nodes.length)),
    ),
});
