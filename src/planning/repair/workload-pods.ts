import type { AuditView } from '../../rules/audit/audit-view.ts';

/** Names of the pods of a workload in kube-system, sorted. */
export function workloadPods({ cluster }: Pick<AuditView, 'cluster'>, workload: string): readonly string[] {
  const name = workload.split('/').at(-1) ?? '';
  return (cluster?.pods ?? [])
    .map((pod) => pod.name)
    .filter((pod) => pod.startsWith(`${name}-`))
    .sort();
}
