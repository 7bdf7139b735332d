/** The promise's own end, or `whenAborted()` as an error as soon as the signal aborts: a port that does not listen keeps nobody waiting. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal, whenAborted: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(whenAborted());
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const settle = (): void => signal.removeEventListener('abort', abort);
    promise.then(
      (value) => (settle(), resolve(value)),
      (error: unknown) => (settle(), reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}
