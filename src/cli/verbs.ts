import type * as ApplyCluster from '../app/apply-cluster.ts';
import type * as AuditCluster from '../app/audit/audit-cluster.ts';
import type * as RepairCluster from '../app/audit/repair-cluster.ts';
import type * as OpenAudit from '../app/audit/open-audit.ts';
import type * as ArtifactLock from '../app/artifact-lock.ts';
import type * as Artifacts from '../app/artifacts.ts';
import type * as BundleArtifacts from '../app/bundle-artifacts.ts';
import type * as CheckCluster from '../app/check-cluster.ts';
import type * as CheckConsents from '../app/check-consents.ts';
import type * as ClusterFile from '../app/cluster-file.ts';
import type * as ClusterFileSchema from '../app/cluster-file-schema.ts';
import type * as InitClusterFile from '../app/init-cluster-file.ts';
import type * as Kubeconfig from '../app/kubeconfig.ts';
import type * as Lab from '../app/lab.ts';
import type * as LockArtifacts from '../app/lock-artifacts.ts';
import type * as MergeKubeconfig from '../app/merge-kubeconfig.ts';
import type * as OpenFleet from '../app/open-fleet.ts';
import type * as PlanCluster from '../app/plan-cluster.ts';
import type * as PlanReset from '../app/plan-reset.ts';
import type * as Status from '../app/status.ts';
import type * as PruneArtifacts from '../app/prune-artifacts.ts';
import type * as Verify from '../app/verify.ts';

/** Loads what carries a verb out. Each is loaded when first asked for, so that no command pays for another; tests hand in fakes. */
export interface Verbs {
  readonly clusterFile: () => Promise<Pick<typeof ClusterFile, 'readClusterFile'>>;
  readonly init: () => Promise<Pick<typeof InitClusterFile, 'newClusterFile' | 'writeClusterFile'>>;
  readonly schema: () => Promise<Pick<typeof ClusterFileSchema, 'clusterFileSchemaJson'>>;
  readonly openFleet: () => Promise<Pick<typeof OpenFleet, 'openFleet'>>;
  readonly plan: () => Promise<Pick<typeof PlanCluster, 'planCluster'>>;
  readonly check: () => Promise<Pick<typeof CheckCluster, 'checkCluster'> & Pick<typeof CheckConsents, 'checkCodes'>>;
  readonly lock: () => Promise<Pick<typeof ArtifactLock, 'writeLock'> & Pick<typeof LockArtifacts, 'lockArtifacts'>>;
  readonly apply: () => Promise<Pick<typeof ApplyCluster, 'applyCluster'>>;
  readonly status: () => Promise<Pick<typeof Status, 'clusterStatus'>>;
  readonly verify: () => Promise<Pick<typeof Verify, 'verifyCluster'>>;
  readonly audit: () => Promise<
    Pick<typeof AuditCluster, 'auditCluster' | 'explainRule' | 'ruleCodes'> &
      Pick<typeof OpenAudit, 'openAuditHosts' | 'openAuditCluster'> &
      Pick<typeof RepairCluster, 'planClusterRepair'>
  >;
  readonly reset: () => Promise<Pick<typeof PlanReset, 'planClusterReset'>>;
  readonly kubeconfig: () => Promise<Pick<typeof Kubeconfig, 'adminKubeconfig' | 'checkKubeconfigPath' | 'writeKubeconfig'> & Pick<typeof MergeKubeconfig, 'mergeKubeconfig'>>;
  readonly artifacts: () => Promise<
    Pick<typeof Artifacts, 'artifactNames' | 'kubernetesVersions' | 'obtainArtifacts' | 'surveyArtifacts' | 'examineArtifacts'> &
      Pick<typeof BundleArtifacts, 'bundleArtifacts'> &
      Pick<typeof PruneArtifacts, 'findUnusedArtifacts' | 'removeUnusedArtifacts'>
  >;
  readonly lab: () => Promise<typeof Lab>;
}
