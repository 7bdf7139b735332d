import type { Clock } from '../engine/clock.ts';
import type { PollClock } from '../util/poll.ts';

const NEVER = new AbortController().signal;

/** The engine's time for what polls outside of it, so that one run has one time. */
export function pollClockOf(clock: Clock): PollClock {
  return {
    now: () => clock.now(),
    delay: async (ms, signal = NEVER) => {
      await clock.sleep(ms, signal);
      signal.throwIfAborted();
    },
  };
}
