/** Runs at most so many tasks at once; of those that wait, the one with the highest priority starts first. */
export class PriorityLimiter {
  readonly #most: number;
  #running = 0;
  readonly #waiting: { readonly priority: number; readonly start: () => void }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(priority: number, task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((start) => this.#waiting.push({ priority, start }));
    else this.#running += 1;
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  /** Hands the place of the task that ended to the next, or gives it up. */
  #next(): void {
    const highest = Math.max(...this.#waiting.map(({ priority }) => priority));
    const index = this.#waiting.findIndex(({ priority }) => priority === highest);
    const [next] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (next === undefined) this.#running -= 1;
    else next.start();
  }
}
