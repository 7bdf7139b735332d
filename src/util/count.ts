/** `1 step`, `2 steps`; `1 entry`, `2 entries` with the plural given. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
