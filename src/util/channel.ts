/** Values pushed by callbacks and read by one `for await`, in order, none lost. */
export class ChannelOf<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  #ended: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#ended ??= {};
    this.#wake?.();
  }

  /** Ends it: the reader gets what was pushed before, then the error. */
  fail(error: unknown): void {
    this.#ended ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      yield* this.#values.splice(0);
      if (this.#values.length > 0) continue;
      if (this.#ended !== undefined) break;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if ('error' in this.#ended) throw this.#ended.error;
  }
}
