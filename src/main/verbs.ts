import type { Verbs } from '../cli/verbs.ts';

/** What the commands of the tool call. */
export const verbs: Verbs = {
  clusterFile: () => import('../app/cluster-file.ts'),
  init: () => import('../app/init-cluster-file.ts'),
  schema: () => import('../app/cluster-file-schema.ts'),
  openFleet: () => import('../app/open-fleet.ts'),
  plan: () => import('../app/plan-cluster.ts'),
  check: async () => ({ ...(await import('../app/check-cluster.ts')), ...(await import('../app/check-consents.ts')) }),
  lock: async () => ({ ...(await import('../app/artifact-lock.ts')), ...(await import('../app/lock-artifacts.ts')) }),
  apply: () => import('../app/apply-cluster.ts'),
  status: () => import('../app/status.ts'),
  verify: () => import('../app/verify.ts'),
  audit: async () => ({ ...(await import('../app/audit/audit-cluster.ts')), ...(await import('../app/audit/open-audit.ts')), ...(await import('../app/audit/repair-cluster.ts')) }),
  reset: () => import('../app/plan-reset.ts'),
  kubeconfig: async () => ({ ...(await import('../app/kubeconfig.ts')), ...(await import('../app/merge-kubeconfig.ts')) }),
  artifacts: async () => ({ ...(await import('../app/artifacts.ts')), ...(await import('../app/bundle-artifacts.ts')), ...(await import('../app/prune-artifacts.ts')) }),
  lab: () => import('../app/lab.ts'),
};
