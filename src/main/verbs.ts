import type { Verbs } from '../cli/verbs.ts';

/** What the commands of the tool call. */
export const verbs: Verbs = {
  clusterFile: () => import('../app/cluster-file.ts'),
  openFleet: () => import('../app/open-fleet.ts'),
  plan: () => import('../app/plan-cluster.ts'),
  check: () => import('../app/check-cluster.ts'),
  apply: () => import('../app/apply-cluster.ts'),
  verify: () => import('../app/verify.ts'),
  audit: async () => ({ ...(await import('../app/audit/audit-cluster.ts')), ...(await import('../app/audit/open-audit.ts')) }),
  kubeconfig: () => import('../app/kubeconfig.ts'),
  artifacts: () => import('../app/artifacts.ts'),
  lab: () => import('../app/lab.ts'),
};
