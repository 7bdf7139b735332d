import type { ArtifactName } from './artifact.ts';

export type ArtifactPhase = 'waiting' | 'downloading' | 'building' | 'packing' | 'ready';

/** What happens to one artifact. */
export interface ArtifactEvent {
  readonly artifact: ArtifactName;
  readonly phase: ArtifactPhase;
  readonly detail?: string;
  /** Since the first event of this artifact. */
  readonly elapsedMs: number;
}

export type Report = (artifact: ArtifactName, phase: ArtifactPhase, detail?: string) => void;

/** Details of one phase come hundreds a second: one in this time is enough to see that it goes on. */
const DETAIL_INTERVAL_MS = 1000;

interface Seen {
  readonly firstMs: number;
  readonly phase: ArtifactPhase;
  readonly toldMs: number;
}

/** Turns reports into events: the first of each phase at once, more details of it at intervals. `clock` gives milliseconds. */
export function reporter(onProgress: ((event: ArtifactEvent) => void) | undefined, clock: () => number = () => performance.now()): Report {
  const seen = new Map<ArtifactName, Seen>();
  return (artifact, phase, detail) => {
    const now = clock();
    const before = seen.get(artifact);
    // What is waited for is told once, so none of it may be lost.
    if (before?.phase === phase && phase !== 'waiting' && now - before.toldMs < DETAIL_INTERVAL_MS) return;
    const firstMs = before?.firstMs ?? now;
    seen.set(artifact, { firstMs, phase, toldMs: now });
    onProgress?.({ artifact, phase, ...(detail !== undefined && { detail }), elapsedMs: Math.round(now - firstMs) });
  };
}
