import type { Fact } from '../plan/fact.ts';
import { unknown } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { HostFacts } from './host-facts.ts';

/** Everything that one observation saw. `cluster` is unknown where no control plane was found. */
export interface Snapshot {
  readonly hosts: Readonly<Record<LaneId, Fact<HostFacts>>>;
  readonly cluster: Fact<ClusterFacts>;
}

/** The facts that the planner of one step may read: its host's (unknown for a step on any of a pool) and the cluster's. */
export interface View {
  readonly host: Fact<HostFacts>;
  readonly cluster: Fact<ClusterFacts>;
}

export function hostOf(snapshot: Snapshot, lane: LaneId): Fact<HostFacts> {
  return snapshot.hosts[lane] ?? unknown(`${lane} was not observed`);
}

/** Every host whose facts are known. */
export function knownHosts({ hosts }: Pick<Snapshot, 'hosts'>): readonly (readonly [LaneId, HostFacts])[] {
  return Object.entries(hosts).flatMap(([lane, fact]) => (fact.state === 'known' ? [[lane as LaneId, fact.value] as const] : []));
}
