/** How far a run is from working on: `stopping` starts cleaners only, `halted` starts nothing. */
export type Stage = 'running' | 'stopping' | 'halted';

export interface StopSignals {
  /** First request to stop. */
  readonly signal: AbortSignal;
  /** Second one: the hosts' scripts are left to finish by themselves. */
  readonly hardSignal: AbortSignal;
  /** Another run has the lock. */
  readonly lost: AbortSignal;
}

export function stageOf(stop: StopSignals): Stage {
  if (stop.hardSignal.aborted || stop.lost.aborted) return 'halted';
  return stop.signal.aborted ? 'stopping' : 'running';
}

/** Why steps that could have started did not, in words. */
export function stopReason(stop: StopSignals): string {
  return stop.lost.aborted ? 'another run has taken the lock' : 'the run was interrupted';
}

/** Aborts as soon as a step that has not begun its actions may no longer begin them. */
export function mayNotStart(stop: StopSignals, isCleaner: boolean): AbortSignal {
  return AbortSignal.any([stop.hardSignal, stop.lost, ...(isCleaner ? [] : [stop.signal])]);
}
