import { everyHostPackage } from '../catalogue/distributions.ts';
import type { ReportJson } from '../contract/report.ts';
import { errorCodes, exitCodes } from '../errors/codes.ts';
import { preflightProbes } from '../rules/preflight/preflight-rules.ts';
import { count } from '../util/count.ts';
import type { ArtifactSource, SourceWish } from './artifact-source.ts';
import { readLock } from './artifact-lock.ts';
import { chooseSource, fromMirror, publishedFor } from './artifact-source.ts';
import { checkConsents } from './check-consents.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { observeSettled } from './observe-settled.ts';
import type { Consents, PreflightContext } from './preflight.ts';
import { codeOfRefusal, howToGoOn, judgePreflight } from './preflight.ts';

export interface Checked {
  readonly report: ReportJson;
  /** That `apply` would end with before it changed anything; 0 when it would go on. */
  readonly exitCode: number;
  /** What to do; undefined when nothing stands in the way. */
  readonly next: string | undefined;
}

export interface CheckContext extends PreflightContext {
  readonly consents: Consents;
  /** What will be deployed from: a bundle decides where machines get packages. */
  readonly source?: SourceWish | undefined;
}

/** Preflight alone: looks at every machine and judges, needs no artifact and changes nothing. Throws `usage` for a consent that names no check or no node, `locked`, and `refused` where machines are to fetch what is published nowhere. */
export async function checkCluster(loaded: LoadedCluster, context: CheckContext): Promise<Checked> {
  checkConsents(loaded.cluster, context.consents);
  context.onProgress(`looking at ${count(loaded.cluster.nodes.length, 'machine')}`);
  const { pull } = loaded.cluster.wide;
  // What is not wished for is chosen, as apply chooses it, only where that may refuse the plan.
  const source = context.source === undefined && pull === undefined ? undefined : await chosenSource(loaded, context);
  if (source !== undefined && pull !== undefined) publishedFor(source, pull);
  // A bundle can be judged now; anything else would be made.
  if (context.source?.source === 'bundle') await source?.obtain();
  const packages = source?.packages ?? fromMirror;
  const snapshot = await observeSettled([...preflightProbes, ...everyHostPackage.map((name) => ({ probe: 'package', name }) as const)], context);
  const judged = await judgePreflight(loaded, snapshot, { ...context, packages });
  const { report, errors, warnings } = judged;
  if (errors.length + warnings.length > 0) return { report, exitCode: errorCodes[codeOfRefusal(judged)].exitCode, next: howToGoOn(judged) };
  // Members that were not reached: apply does the others' steps and ends so.
  const isWhole = Object.values(snapshot.hosts).every(({ state }) => state === 'known');
  return { report, exitCode: isWhole ? exitCodes.ok : exitCodes.unreachable, next: undefined };
}

async function chosenSource({ path, release }: LoadedCluster, context: CheckContext): Promise<ArtifactSource> {
  const lock = await readLock(path);
  return chooseSource(release, context.source, { ...context, locked: lock?.lock?.source });
}
