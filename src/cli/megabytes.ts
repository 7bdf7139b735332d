const BYTES_PER_MB = 1_000_000;

/** `70.5 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}
