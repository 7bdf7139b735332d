import { AppError } from '../errors/app-error.ts';
import type { HostTarget } from './host.ts';
import { manualCommand } from './ssh-arguments.ts';

/** How long a host that is connected may keep a request waiting. */
export interface Patience {
  /** A lost connection is sought again for so long before its run or upload is given up. */
  readonly reconnectMs: number;
  /** For an answer about its lock. */
  readonly lockMs: number;
  /** For the end of a script, beyond the deadline that the host itself ends it by. */
  readonly endMs: number;
  /** For taking further bytes of an upload. */
  readonly stallMs: number;
}

export const DEFAULT_PATIENCE: Patience = { reconnectMs: 120_000, lockMs: 30_000, endMs: 150_000, stallMs: 60_000 };

/** Of a host whose machine still keeps the connection up: `did not answer within 30 s`. */
export function hungError(target: HostTarget, what: string): AppError {
  return new AppError('host-unreachable', `${target.name} (${target.address}) is connected and ${what}`, {
    hint: `look whether the machine hangs (load, disk, memory); try by hand: ${manualCommand(target)}`,
    retry: 'safe',
  });
}
