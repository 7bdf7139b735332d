import { setMaxListeners } from 'node:events';
import type { Interruption } from '../cli/context.ts';
import { exitCodes } from '../errors/codes.ts';

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * The first SIGINT asks the command to stop, the second to leave what it still waits for. SIGTERM asks for both: who sends it does not wait for minutes. Once more ends the
 * process: nothing on a machine depends on it.
 */
export function listenForInterruption(source: SignalSource): Interruption {
  const soft = new AbortController();
  const hard = new AbortController();
  // Every host and every step listens.
  setMaxListeners(0, soft.signal, hard.signal);
  let exitCode: number | undefined;
  const stop = (code: number, isUrgent: boolean): void => {
    exitCode ??= code;
    if (hard.signal.aborted) source.exit(exitCode);
    const isRepeated = soft.signal.aborted;
    soft.abort();
    if (isUrgent || isRepeated) hard.abort();
  };
  source.on('SIGINT', () => stop(exitCodes.interrupted, false));
  source.on('SIGTERM', () => stop(exitCodes.terminated, true));
  return { signal: soft.signal, hardSignal: hard.signal, exitCode: () => exitCode };
}
