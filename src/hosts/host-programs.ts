import type { HostLayout } from '../shell/host-layout.ts';
import { attachedProgram } from './programs/attached.ts';
import { followProgram } from './programs/follow.ts';
import { lockProgram, unlockProgram } from './programs/lock.ts';
import { readProgram } from './programs/read.ts';
import { runnerProgram } from './programs/runner.ts';
import { startProgram } from './programs/start.ts';
import { uploadProgram } from './programs/upload.ts';

/** The constant shell programs, one per operation; made once for a layout. */
export interface HostPrograms {
  readonly read: string;
  readonly start: string;
  /** Written into the run's directory by `start`: what the transient unit executes. */
  readonly runner: string;
  readonly follow: string;
  readonly attached: string;
  readonly upload: string;
  readonly lock: string;
  readonly unlock: string;
}

export function hostPrograms(layout: HostLayout): HostPrograms {
  return {
    read: readProgram(layout),
    start: startProgram(layout),
    runner: runnerProgram(layout),
    follow: followProgram(layout),
    attached: attachedProgram(layout),
    upload: uploadProgram(layout),
    lock: lockProgram(layout),
    unlock: unlockProgram(layout),
  };
}
