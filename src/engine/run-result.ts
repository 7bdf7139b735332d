import type { AppError } from '../errors/app-error.ts';
import type { LaneId } from '../plan/plan.ts';
import type { RunOutcome } from './events.ts';

export interface FailedStep {
  readonly step: string;
  /** Absent when no lane could be picked. */
  readonly lane?: LaneId;
  readonly error: AppError;
}

export interface SkippedStep {
  readonly step: string;
  readonly because: string;
  /** The step at the root of it; absent when the run was stopped. */
  readonly failed?: string;
}

export interface RunResult {
  /** `refused`: gates refused, and nothing else failed. `cancelled`: stopped by a signal with something left undone. */
  readonly result: RunOutcome;
  /** Steps that began. */
  readonly stepsRun: number;
  readonly failed: readonly FailedStep[];
  readonly skipped: readonly SkippedStep[];
  readonly durationMs: number;
  /** What ended the run and is no step's failure: the lock was lost. */
  readonly error?: AppError;
}
