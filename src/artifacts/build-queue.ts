export interface QueuedWork<T> {
  /** Works of one lane never run at once. */
  readonly lane: string;
  /** The lowest goes first. */
  readonly priority: number;
  readonly run: () => Promise<T>;
}

export type Enqueue = <T>(work: QueuedWork<T>) => Promise<T>;

interface Waiting {
  readonly lane: string;
  readonly priority: number;
  readonly start: () => Promise<void>;
}

/** Runs works, at most `limit` at once: of those whose lane is free always the one of the lowest priority number, whenever it was added. */
export function buildQueue(limit: number): Enqueue {
  const waiting: Waiting[] = [];
  const lanes = new Set<string>();

  const startNext = (): void => {
    if (lanes.size >= limit) return;
    const free = waiting.filter(({ lane }) => !lanes.has(lane)).sort((a, b) => a.priority - b.priority)[0];
    if (!free) return;
    waiting.splice(waiting.indexOf(free), 1);
    lanes.add(free.lane);
    void free.start().then(() => {
      lanes.delete(free.lane);
      startNext();
    });
    startNext();
  };

  return ({ lane, priority, run }) =>
    new Promise((resolve, reject) => {
      waiting.push({ lane, priority, start: () => Promise.resolve().then(run).then(resolve, reject) });
      // All that is added in this turn is there before the first is chosen.
      queueMicrotask(startNext);
    });
}
