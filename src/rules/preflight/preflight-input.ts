import type { GroundFacts } from '../../facts/ground/ground-facts.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import type { NetworkFacts } from '../../facts/network/network-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import { hostOfNode } from '../../facts/observed.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { standingOf } from '../../facts/standing.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';

/** Where machines get the packages of their distribution that they lack. */
export interface PackagesWay {
  /** The mirror that the machine knows, which is not tried; or an archive for machines of one release; or nowhere. */
  readonly from: 'mirror' | 'nowhere' | { readonly osId: string; readonly osVersion: string };
}

/** All that is judged before anything is touched. */
export interface PreflightInput {
  readonly wide: {
    readonly endpoint: { readonly host: string; readonly port: number };
    readonly metricsServer: boolean;
    readonly network: { readonly plugin: ClusterWide['network']['plugin']; readonly podCIDR: string; readonly serviceCIDR: string };
  };
  readonly nodes: readonly ExpectedNode[];
  /** That artifacts are made for, in Debian's words. */
  readonly architecture: 'amd64' | 'arm64';
  readonly packages: PackagesWay;
  readonly snapshot: Snapshot;
  /** What each machine reached of the others, by node; undefined where there was no need to try: every node is a member. */
  readonly network: Readonly<Record<string, Observed<NetworkFacts>>> | undefined;
}

/** A machine on which a deployment has yet to begin. */
export interface FreshMachine {
  readonly node: ExpectedNode;
  readonly host: HostFacts;
  readonly ground: GroundFacts;
}

/** What rules judge. */
export interface PreflightView extends PreflightInput {
  /** Machines that are not, and are not becoming, members: what is on the others is the cluster's own. */
  readonly fresh: readonly FreshMachine[];
}

export function preflightView(input: PreflightInput): PreflightView {
  const fresh = input.nodes.flatMap((node) => {
    const host = hostOfNode(input.snapshot, node.name);
    if (host.state !== 'known' || host.value.ground === undefined || standingOf(node, input.snapshot) === 'ours') return [];
    return [{ node, host: host.value, ground: host.value.ground }];
  });
  return { ...input, fresh };
}
