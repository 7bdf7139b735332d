import type { ArtifactLockJson } from '../contract/artifact-lock.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Cluster } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import { deployProbes, planDeploy } from '../planning/plan-deploy.ts';
import { controlPlanesOf, expectedOf } from '../rules/verify/expected-cluster.ts';
import { count } from '../util/count.ts';
import { artifactRefsOf, foretoldArtifactRefs } from './artifact-refs.ts';
import type { ArtifactSource, SourceWish } from './artifact-source.ts';
import { chooseSource, publishedFor, sourceAtHand } from './artifact-source.ts';
import { lockOf, readLock, refuseDifferences, underLock } from './artifact-lock.ts';
import { checkConsents } from './check-consents.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { preflightProbes } from '../rules/preflight/preflight-rules.ts';
import { judgeOf, operatorSecrets } from './operator-secrets.ts';
import { observeSettled } from './observe-settled.ts';
import { checkWellFormed, toJson } from './plan-json.ts';
import type { Consents } from './preflight.ts';
import { preflight } from './preflight.ts';
import { refuseWhatCannotBe, unseenMachines } from './refuse-plan.ts';
import { journalDirectory, leftByLastRun } from './run-journal.ts';
import type { RunnablePlan } from './runnable-plan.ts';
import type { SettleContext } from './observe-settled.ts';
import { unseenLines } from './unseen-fact.ts';

export interface PlanContext extends SettleContext {
  readonly onArtifact?: (event: ArtifactEvent) => void;
  /** Of a plan that is carried out; of one that is only shown, the warnings of preflight are said and refuse nothing. */
  readonly consents?: Consents;
  /** Default: one is chosen. */
  readonly source?: SourceWish | undefined;
  /** In place of any of them. */
  readonly artifacts?: ArtifactSource;
}

/** A plan for the cluster of a file. */
export interface PlannedCluster extends RunnablePlan {
  readonly loaded: LoadedCluster;
  /** What is to be written beside the cluster file when the plan is carried out: there is no lock yet. */
  readonly newLock?: { readonly path: string; readonly lock: ArtifactLockJson };
}

/**
 * Looks at every machine and plans what brings them to the cluster of the file. Changes nothing. What refuses the plan whatever is built is thrown at the first look, before anything
 * is built: the report of preflight, and see `refuseWhatCannotBe`.
 */
export async function planCluster(loaded: LoadedCluster, context: PlanContext): Promise<PlannedCluster> {
  checkConsents(loaded.cluster, context.consents);
  if (context.collect === true) sayWhatIsLeft(loaded.cluster.wide.name, context.onProgress);
  if (context.artifacts !== undefined) return planFrom(loaded, context.artifacts, context);
  const file = await readLock(loaded.path);
  const source = await chooseSource(loaded.release, context.source, { ...context, locked: file?.lock?.source });
  context.onProgress(`artifacts: ${source.words}`);
  if (file?.lock === undefined) return withNewLock(await planFrom(loaded, source, context), file?.path, source);
  const say = (differences: readonly string[]): void => differences.forEach((line) => context.onProgress(`not as ${file.path} has it: ${line}`));
  return planFrom(loaded, underLock(source, file.lock, context.consents === undefined ? say : refuseDifferences(file, loaded.path)), context);
}

function withNewLock(planned: PlannedCluster, path: string | undefined, source: ArtifactSource): PlannedCluster {
  return path === undefined ? planned : { ...planned, newLock: { path, lock: lockOf(source, planned.artifacts) } };
}

/** `planCluster` with the artifacts at hand. */
export function planWithArtifacts(loaded: LoadedCluster, artifacts: PlannedCluster['artifacts'], context: PlanContext): Promise<PlannedCluster> {
  return planFrom(loaded, sourceAtHand(loaded.release, artifacts), context);
}

async function planFrom(loaded: LoadedCluster, source: ArtifactSource, context: PlanContext): Promise<PlannedCluster> {
  const { cluster, desired } = loaded;
  const { release } = source;
  const { onProgress } = context;
  const published = cluster.wide.pull && publishedFor(source, cluster.wide.pull);
  const given = operatorSecrets(cluster);
  const foretold = { cluster, desired, artifacts: foretoldArtifactRefs(release, source.names), release, isContent: judgeOf(given) };
  const look = (): Promise<Snapshot> => observeSettled([...deployProbes(foretold), ...preflightProbes], context);
  onProgress(`looking at ${count(cluster.nodes.length, 'machine')}`);
  const first = await look();
  await preflight(loaded, first, { ...context, packages: source.packages });
  for (const line of unseenLines(unseenMachines(loaded, first).members)) onProgress(line);
  const missing = await source.countMissing();
  if (missing > 0) {
    refuseWhatCannotBe(loaded, first, planDeploy({ ...foretold, snapshot: first }));
    onProgress(`${count(missing, 'artifact')} not in the cache yet, and a plan names digests: ${source.cost} (ahead of need: kubewright artifacts ensure)`);
  }
  const artifacts = await source.obtain();
  if (missing > 0) onProgress('looking again: that took its time');
  const snapshot = missing > 0 ? await look() : first;
  const answer = planDeploy({ ...foretold, artifacts: artifactRefsOf(artifacts, published), snapshot });
  refuseWhatCannotBe(loaded, snapshot, answer);
  checkWellFormed(answer.plan, new Set(given.keys()));
  const { plan, refused } = answer;
  return { ...runnableFor(cluster), loaded, given, plan, json: toJson(cluster.wide.name, plan), refused, snapshot, artifacts };
}

/** What carrying out a plan takes that the cluster file says. */
export function runnableFor(cluster: Cluster): Pick<RunnablePlan, 'journalName' | 'controlPlanes' | 'expected'> {
  const expected = expectedOf(cluster);
  return { journalName: expected.name, controlPlanes: controlPlanesOf(expected).map(({ name }) => laneId(name)), expected };
}

/** Of the last run from this machine; what became of it since is observed. */
function sayWhatIsLeft(cluster: string, onProgress: (line: string) => void): void {
  const left = leftByLastRun(journalDirectory(cluster));
  if (left !== undefined) onProgress(left);
}
