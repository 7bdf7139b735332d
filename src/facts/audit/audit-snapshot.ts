import type { Fact } from '../../plan/fact.ts';
import type { ClusterView } from './cluster-view.ts';
import type { MachineFacts } from './machine-facts.ts';

/** A machine that an audit looked at, or tried to. */
export interface AuditedMachine {
  /** The node's name where the cluster has one for it, else what was dialled. */
  readonly name: string;
  readonly address: string;
  readonly facts: Fact<MachineFacts>;
}

export interface AuditSnapshot {
  readonly machines: readonly AuditedMachine[];
  readonly cluster: Fact<ClusterView>;
}
