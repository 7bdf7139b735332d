import { clusterArtifacts } from '../artifacts/artifact.ts';
import { listGraph } from '../artifacts/inspect-artifacts.ts';
import type { MakerName, MakerOptions } from '../artifacts/maker.ts';
import { makerGraph, makerNames, releaseFrom } from '../artifacts/maker.ts';
import { answersForUpstream } from '../artifacts/upstream/reachability.ts';
import { mirrorHere } from '../artifacts/upstream/sites.ts';
import { hasCosign } from '../artifacts/upstream/signature.ts';
import type { Release } from '../catalogue/release.ts';

export interface ChosenMaker {
  readonly maker: MakerName;
  /** For people. */
  readonly why: string;
}

export interface MakerChoice extends Pick<MakerOptions, 'root'> {
  readonly signal: AbortSignal;
  /** Whether upstream's servers answer from here. */
  readonly isReachable?: (release: Release, signal: AbortSignal) => Promise<boolean>;
}

/** The source for one who wished for none: the one whose artifacts the cache has all, else upstream where it answers, else Go modules. Nothing is asked of the network while the cache has all. */
export async function chooseMaker(release: Release, { signal, root, isReachable = answersForUpstream }: MakerChoice): Promise<ChosenMaker> {
  const cached = await makerInCache(release, root);
  if (cached !== undefined) return { maker: cached, why: 'the cache has all of it' };
  if (await isReachable(release, signal)) return { maker: 'upstream', why: 'its servers answer from here' };
  return { maker: 'go', why: 'the servers of source upstream do not answer from here' };
}

/** Which source it is and why, and what stands for the bytes of one that is fetched. */
export async function makerWords({ maker, why }: ChosenMaker): Promise<string> {
  if (maker === 'go') return `source go: ${why}`;
  const mirror = mirrorHere();
  return `source upstream: ${why}${mirror === undefined ? '' : `; from ${mirror}`}; ${(await hasCosign()) ? 'published digests and signatures are checked' : 'published digests are checked, signatures are not: there is no cosign here'}`;
}

/** The source whose artifacts the cache has all that a cluster is given. */
export async function makerInCache(release: Release, root?: string): Promise<MakerName | undefined> {
  for (const maker of makerNames) {
    const states = await listGraph(makerGraph(maker, releaseFrom(maker, release), { root }), clusterArtifacts);
    if (states.every(({ state }) => state !== 'absent')) return maker;
  }
  return undefined;
}
