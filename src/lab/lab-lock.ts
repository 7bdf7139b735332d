import { join } from 'node:path';
import { acquireLock } from '../artifacts/entry-lock.ts';
import { labsDirectory } from './lab-paths.ts';

/** What every long lab verb takes. */
export interface LabRun {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: LabProgress) => void) | undefined;
}

export interface LabProgress {
  /** Absent when the line is about the lab as a whole. */
  readonly machine?: string;
  readonly message: string;
}

/** Runs `change` while no other process changes this lab; one that died holding the lock does not block. */
export async function withLabLock<T>(lab: string, run: LabRun, change: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(join(`${labsDirectory()}.locks`, lab), {
    signal: run.signal,
    isDone: async () => false,
    onWait: (owner) => run.onProgress?.({ message: `waiting for process ${owner.pid} on ${owner.host}, which works on lab ${lab}` }),
  });
  try {
    return await change();
  } finally {
    await lock?.release();
  }
}
