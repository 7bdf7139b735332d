const LOOK_EVERY_MS = 1000;

/** Aborts its signal when something that must go on has not for so long. */
export class StallWatch implements Disposable {
  readonly #controller = new AbortController();
  readonly #stallMs: number;
  readonly #timer: NodeJS.Timeout;
  #deadlineMs = 0;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    this.goesOn();
    this.#timer = setInterval(() => this.#look(), Math.min(LOOK_EVERY_MS, stallMs / 2));
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It went on; what follows may take so much longer than a step of it. */
  goesOn(moreMs = 0): void {
    this.#deadlineMs = performance.now() + this.#stallMs + moreMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (performance.now() > this.#deadlineMs) this.#controller.abort();
  }
}
