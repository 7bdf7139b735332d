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

/** One try: whether it was well, and what came. */
export type Attempt = () => Promise<{ readonly isGood: boolean; readonly detail: string }>;

/** Longest time for which anything is tried. */
const LONGEST_MS = 30 * 60_000;

/** Tries again and again until the time is over, and once after it; a try that throws has failed. `since` is of `performance.now`. */
export async function sample({ since, forMs, everyMs }: Sampling, attempt: Attempt): Promise<readonly Sample[]> {
  return sampleUntil(() => performance.now() - since >= forMs, { since, everyMs, deadlineMs: 2 * forMs }, attempt);
}

/** What the work gave, and each try made meanwhile, by what was tried. */
export interface Watched<T> {
  readonly result: T;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Tries again and again while the work goes on, and once more after it. */
export async function sampleDuring<T>(work: () => Promise<T>, everyMs: number, attempts: Readonly<Record<string, Attempt>>): Promise<Watched<T>> {
  const since = performance.now();
  let isOver = false;
  const sampling = { since, everyMs, deadlineMs: LONGEST_MS };
  const samples = Promise.all(Object.entries(attempts).map(async ([what, attempt]) => [what, await sampleUntil(() => isOver, sampling, attempt)] as const));
  const result = await work().finally(() => {
    isOver = true;
  });
  return { result, samples: new Map(await samples) };
}

interface UntilSampling {
  readonly since: number;
  readonly everyMs: number;
  readonly deadlineMs: number;
}

async function sampleUntil(isOver: () => boolean, { since, everyMs, deadlineMs }: UntilSampling, attempt: Attempt): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const once = async (): Promise<true | undefined> => {
    const isLast = isOver();
    const began = performance.now();
    const answer = await attempt().catch((error: unknown) => ({ isGood: false, detail: String(error) }));
    samples.push({ ...answer, atMs: Math.round(began - since), tookMs: Math.round(performance.now() - began) });
    return isLast ? true : undefined;
  };
  await pollUntil(once, { what: 'the end of the samples', deadlineMs, everyMs });
  return samples;
}

/** Tries all of it for a while. */
export async function sampleAll(forMs: number, everyMs: number, attempts: Readonly<Record<string, Attempt>>): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const sampling = { since: performance.now(), forMs, everyMs };
  return new Map(await Promise.all(Object.entries(attempts).map(async ([what, attempt]) => [what, await sample(sampling, attempt)] as const)));
}

/** Waits until every attempt succeeds, all in one round. */
export async function allGood(attempts: Readonly<Record<string, Attempt>>, deadlineMs: number): Promise<void> {
  let bad: readonly string[] = [];
  const round = async (): Promise<true | undefined> => {
    const answers = await Promise.all(Object.entries(attempts).map(async ([what, attempt]) => ({ what, ...(await attempt()) })));
    bad = answers.filter(({ isGood }) => !isGood).map(({ what, detail }) => `${what}: ${detail}`);
    return bad.length === 0 ? true : undefined;
  };
  await pollUntil(round, { what: 'everything to be well', deadlineMs, everyMs: 1000, why: () => bad });
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
