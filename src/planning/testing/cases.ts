const MANY = 25;

/** How many cases a property is tried with: a few at each commit, and many where there is time for all (`KUBEWRIGHT_SWEEP=all`, `make soak`). */
export function cases(few: number): { readonly numRuns: number } {
  return { numRuns: process.env['KUBEWRIGHT_SWEEP'] === 'all' ? few * MANY : few };
}
