/** What the file system says, without its code and the path that it was asked for: of `EACCES: permission denied, open '/x.1f3'` it is `permission denied`. */
export function systemWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z][A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
