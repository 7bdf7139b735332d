import type { Artifact } from '../artifacts/artifact.ts';
import type { PlanJson } from '../contract/plan.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { LaneId, SlotId } from '../plan/plan.ts';
import type { RefusedStep } from '../planning/draft-board.ts';
import type { DeployPlan } from '../planning/step-types.ts';
import type { ExpectedCluster } from '../rules/verify/expected-cluster.ts';

/** A plan with all that carrying it out takes, whether it was made for a cluster file or for the findings of an audit. */
export interface RunnablePlan {
  /** Of the directory that keeps its journals. */
  readonly journalName: string;
  readonly plan: DeployPlan;
  readonly json: PlanJson;
  readonly refused: readonly RefusedStep[];
  /** What the plan was made from. */
  readonly snapshot: Snapshot;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  /** The pool of steps that any healthy control plane serves. */
  readonly controlPlanes: readonly LaneId[];
  /** What proofs hold nodes against: the cluster file. A repair has none, and no step of it is such a proof. */
  readonly expected: ExpectedCluster | undefined;
  /** Values of slots that no step provides: the operator's own secrets. */
  readonly given?: ReadonlyMap<SlotId, Uint8Array>;
}
