import type { NetworkFacts } from '../../facts/network/network-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';

/** All that is judged before anything is touched. */
export interface PreflightInput {
  readonly wide: {
    readonly endpoint: { readonly host: string; readonly port: number };
    readonly network: { readonly plugin: ClusterWide['network']['plugin']; readonly podCIDR: string; readonly serviceCIDR: string };
  };
  readonly nodes: readonly ExpectedNode[];
  /** That artifacts are made for, in Debian's words. */
  readonly architecture: 'amd64' | 'arm64';
  readonly snapshot: Snapshot;
  /** What each machine reached of the others, by node; undefined where there was no need to try: every node is a member. */
  readonly network: Readonly<Record<string, Observed<NetworkFacts>>> | undefined;
}
