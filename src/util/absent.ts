/** For `catch` of a file operation: undefined for what is not there; anything else is thrown on. */
export function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause;
}
