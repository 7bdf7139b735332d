import type { BootstrapTokenFact, ClusterFacts, NodeFact, WorkloadFact } from '../facts/cluster-facts.ts';

/** A member of etcd as the members have written it down. */
export interface SimMember {
  readonly id: string;
  /** Empty until it has started for the first time. */
  readonly name: string;
  readonly peerURL: string;
  readonly clientURL: string;
  readonly isLearner: boolean;
}

export interface SimToken extends BootstrapTokenFact {
  /** `id.secret`. */
  readonly token: string;
}

/** What etcd holds: members and objects. It lives as long as any member has data. */
export class SimCluster {
  readonly uid: string;
  members: readonly SimMember[];
  nodes: Readonly<Record<string, NodeFact>> = {};
  configMaps: ClusterFacts['configMaps'] = {};
  workloads: Readonly<Record<string, WorkloadFact>> = {};
  tokens: readonly SimToken[] = [];

  constructor(uid: string, first: SimMember) {
    this.uid = uid;
    this.members = [first];
  }

  /** Everything in it is a value. */
  copy(): SimCluster {
    return Object.assign(Object.create(SimCluster.prototype) as SimCluster, this);
  }

  change(member: SimMember, fields: Partial<SimMember>): void {
    this.members = this.members.map((other) => (other.id === member.id ? { ...other, ...fields } : other));
  }

  put(node: NodeFact): void {
    this.nodes = { ...this.nodes, [node.name]: node };
  }
}
