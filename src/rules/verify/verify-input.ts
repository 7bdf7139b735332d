import type { InsideFacts } from '../../facts/inside/inside-facts.ts';
import type { ReachFacts } from '../../facts/inside/reach-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import type { Rule } from '../rule.ts';
import type { ExpectedCluster, ExpectedNode } from './expected-cluster.ts';

/** What the proof of a node's identity needs. */
export interface IdentityInput {
  readonly expected: ExpectedCluster;
  readonly snapshot: Snapshot;
}

/** All that a verification judges. */
export interface VerifyInput extends IdentityInput {
  /** What each host reaches, by node. */
  readonly reach: Readonly<Record<string, Observed<ReachFacts>>>;
  readonly inside: Observed<InsideFacts>;
  readonly now: Date;
}

/** A host that probes are asked for. */
export type VerifyTarget = Pick<ExpectedNode, 'role'>;
export type VerifyRule = Rule<VerifyTarget, VerifyInput>;
