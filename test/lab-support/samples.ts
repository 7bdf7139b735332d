import { pollUntil } from '../../src/util/poll.ts';

/** One try of something that shall work all the time. */
export interface Sample {
  /** Milliseconds since the event that the samples are about. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly isGood: boolean;
  /** What came instead. */
  readonly detail: string;
}

export interface Sampling {
  readonly since: number;
  readonly forMs: number;
  readonly everyMs: number;
}

/** Tries again and again until the time is over; a try that throws has failed. `since` is of `performance.now`. */
export async function sample({ since, forMs, everyMs }: Sampling, attempt: () => Promise<{ readonly isGood: boolean; readonly detail: string }>): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const once = async (): Promise<true | undefined> => {
    const began = performance.now();
    const answer = await attempt().catch((error: unknown) => ({ isGood: false, detail: String(error) }));
    samples.push({ ...answer, atMs: Math.round(began - since), tookMs: Math.round(performance.now() - began) });
    return performance.now() - since >= forMs ? true : undefined;
  };
  await pollUntil(once, { what: 'the end of the samples', deadlineMs: 2 * forMs, everyMs });
  return samples;
}

export const failed = (samples: readonly Sample[]): readonly Sample[] => samples.filter(({ isGood }) => !isGood);
export const from = (samples: readonly Sample[], atMs: number): readonly Sample[] => samples.filter((each) => each.atMs >= atMs);
export const slowest = (samples: readonly Sample[]): number => Math.max(0, ...samples.map(({ tookMs }) => tookMs));

/** Samples in a few words: how many, how many failed and when, how long the longest took. */
export function inWords(samples: readonly Sample[]): string {
  const bad = failed(samples);
  const when = bad.length === 0 ? '' : ` (${bad.map(({ atMs }) => `${(atMs / 1000).toFixed(1)} s`).join(', ')})`;
  return `${samples.length} tries, ${bad.length} failed${when}, longest ${(slowest(samples) / 1000).toFixed(1)} s`;
}
