/** Whether every point of a sweep is wanted, or a few. */
export const isWhole = process.env['KUBEWRIGHT_SWEEP'] === 'all';

/** Every point, or `sample` of those that matter most, spread over them: which ones, `turn` decides. */
export function pointsOf(all: readonly number[], matter: readonly number[], { sample, turn }: { readonly sample: number; readonly turn: number }): readonly number[] {
  if (isWhole) return all;
  const every = matter.length / sample;
  return Array.from({ length: sample }, (_, index) => matter[Math.floor((index + turn / (turn + 1)) * every)] ?? 1);
}
