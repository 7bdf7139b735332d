import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import type { Machine } from './machine.ts';
import type { SharedDocument } from './shared-documents.ts';

/** What is there of a cluster, as far as it was seen. */
export interface Present {
  readonly machines: readonly Machine[];
  readonly controlPlanes: readonly Machine[];
  readonly cluster: ClusterView | undefined;
  /** Undefined where etcd did not answer. */
  readonly members: readonly EtcdMemberFact[] | undefined;
  /** Texts that all nodes share, taken apart. */
  readonly shared: readonly SharedDocument[];
}
