const LETTERS_PER_ERROR = 3;
const LEAST_ERRORS = 2;

/** The known word that was probably meant: few letters away and nearer than any other; undefined if there is none. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const written = word.toLowerCase();
  const allowed = Math.max(LEAST_ERRORS, Math.floor(word.length / LETTERS_PER_ERROR));
  const near = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= allowed)
    .map((candidate) => ({ candidate, distance: editDistance(written, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= allowed && distance < candidate.length);
  return near.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Least number of letters to insert, delete or replace. */
export function editDistance(a: string, b: string): number {
  const letters = [...b];
  let above = [0, ...letters.map((_, index) => index + 1)];
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of letters.entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min((above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1, replaced));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
