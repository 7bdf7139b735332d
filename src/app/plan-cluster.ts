import { kindOf } from '../actions/kinds.ts';
import type { Action } from '../actions/action.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import type { PlanJson } from '../contract/plan.ts';
import { planJson } from '../contract/plan.ts';
import { AppError } from '../errors/app-error.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Content, Slot, TextRef } from '../plan/plan.ts';
import { checkPlan } from '../plan/check-plan.ts';
import type { DeployAnswer } from '../planning/plan-deploy.ts';
import { deployProbes, planDeploy } from '../planning/plan-deploy.ts';
import type { DeployPlan, DeployStep, Gate } from '../planning/step-types.ts';
import { count } from '../util/count.ts';
import { artifactRefsOf, foretoldArtifactRefs } from './artifact-refs.ts';
import type { ArtifactSource } from './artifact-source.ts';
import { cachedArtifacts } from './artifact-source.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { preflightProbes } from '../rules/preflight/preflight-rules.ts';
import { observeSettled } from './observe-settled.ts';
import type { Consents } from './preflight.ts';
import { checkConsents, preflight } from './preflight.ts';
import { journalDirectory, leftByLastRun } from './run-journal.ts';
import type { SettleContext } from './observe-settled.ts';
import { refuseWhatCannotBe, unseenMachines } from './refuse-plan.ts';
import { unseenLines } from './unseen-fact.ts';

export interface PlanContext extends SettleContext {
  readonly onArtifact?: (event: ArtifactEvent) => void;
  /** Of a plan that is carried out; of one that is only shown, the warnings of preflight are said and refuse nothing. */
  readonly consents?: Consents;
  /** Default: the cache, which builds what it lacks. */
  readonly artifacts?: ArtifactSource;
}

/** A plan with what it was made from. */
export interface PlannedCluster {
  readonly loaded: LoadedCluster;
  readonly plan: DeployPlan;
  readonly json: PlanJson;
  readonly refused: DeployAnswer['refused'];
  readonly snapshot: Snapshot;
  readonly artifacts: ReadonlyMap<string, Artifact>;
}

/**
 * Looks at every machine and plans what brings them to the cluster of the file. Changes nothing. What refuses the plan whatever is built is thrown at the first look, before anything
 * is built: the report of preflight, and see `refuseWhatCannotBe`.
 */
export async function planCluster(loaded: LoadedCluster, context: PlanContext): Promise<PlannedCluster> {
  checkConsents(context.consents);
  if (context.collect === true) sayWhatIsLeft(loaded.cluster.wide.name, context.onProgress);
  return planFrom(loaded, context.artifacts ?? cachedArtifacts(loaded.release, context.signal, context.onArtifact), context);
}

/** `planCluster` with the artifacts at hand. */
export function planWithArtifacts(loaded: LoadedCluster, artifacts: PlannedCluster['artifacts'], context: PlanContext): Promise<PlannedCluster> {
  return planFrom(loaded, { countMissing: async () => 0, obtain: async () => artifacts }, context);
}

async function planFrom(loaded: LoadedCluster, source: ArtifactSource, context: PlanContext): Promise<PlannedCluster> {
  const { cluster, desired, release } = loaded;
  const { onProgress } = context;
  const foretold = { cluster, desired, artifacts: foretoldArtifactRefs(release), release };
  const look = (): Promise<Snapshot> => observeSettled([...deployProbes(foretold), ...preflightProbes], context);
  onProgress(`looking at ${count(cluster.nodes.length, 'machine')}`);
  const first = await look();
  await preflight(loaded, first, context);
  for (const line of unseenLines(unseenMachines(loaded, first).members)) onProgress(line);
  const missing = await source.countMissing();
  if (missing > 0) {
    refuseWhatCannotBe(loaded, first, planDeploy({ ...foretold, snapshot: first }));
    onProgress(buildingWords(missing));
  }
  const artifacts = await source.obtain();
  if (missing > 0) onProgress('looking again: the build took its time');
  const snapshot = missing > 0 ? await look() : first;
  const answer = planDeploy({ ...foretold, artifacts: artifactRefsOf(artifacts), snapshot });
  refuseWhatCannotBe(loaded, snapshot, answer);
  checkWellFormed(answer.plan);
  return { loaded, plan: answer.plan, json: toJson(cluster.wide.name, answer.plan), refused: answer.refused, snapshot, artifacts };
}

/** Of the last run from this machine; what became of it since is observed. */
function sayWhatIsLeft(cluster: string, onProgress: (line: string) => void): void {
  const left = leftByLastRun(journalDirectory(cluster));
  if (left !== undefined) onProgress(left);
}

function buildingWords(missing: number): string {
  return `${count(missing, 'artifact')} not in the cache yet, and a plan names digests: building all takes about a quarter of an hour on 2 cores, once (ahead of need: kubewright artifacts ensure)`;
}

function checkWellFormed(plan: DeployPlan): void {
  const problems = checkPlan(plan, { slotsOf, textsOf });
  if (problems.length > 0) throw new AppError('internal', 'the plan is not well-formed', { details: problems.map(({ step, problem }) => `${step}: ${problem}`) });
}

/** Slots that an action's script reads. */
export function slotsOf(action: Action): readonly Slot[] {
  return kindOf(action)
    .script()
    .inputs.filter((input): input is Slot => 'slot' in input);
}

function textsOf(action: Action): readonly TextRef[] {
  return kindOf(action)
    .script()
    .inputs.filter((input): input is TextRef => 'text' in input);
}

function toJson(cluster: string, plan: DeployPlan): PlanJson {
  return planJson({ cluster, desired: plan.desired, basis: plan.basis.map((relied) => ({ ...relied })), steps: plan.steps.map(stepJson), texts: plan.texts });
}

function stepJson(step: DeployStep): PlanJson['steps'][number] {
  const { id, on, title, why, needs, effect, gates } = step;
  return { id, on: { ...on }, title, why, needs, gates: gates.map(gateWords), effect: { ...effect }, actions: step.actions.map(({ role, action }) => actionJson(role, action)) };
}

export function gateWords(gate: Gate): string {
  switch (gate.gate) {
    case 'identity':
      return `${gate.node} carries its own identity everywhere`;
    case 'etcd-joinable':
      return 'every etcd member votes and is healthy';
    case 'etcd-removable':
      return `the other etcd members keep their quorum without ${gate.node}`;
  }
}

function actionJson(role: 'goal' | 'means', action: Action): PlanJson['steps'][number]['actions'][number] {
  const bound = kindOf(action);
  const { file, ...details } = bound.details();
  return {
    kind: action.kind,
    role,
    title: bound.words(),
    ...(file !== undefined && { file: { ...file, content: mutable(file.content), isNew: file.before === undefined && action.kind === 'file' && 'absent' in action.was } }),
    ...details,
  };
}

/** The contract's type of a content; the value is the same. */
function mutable(content: Content): NonNullable<PlanJson['steps'][number]['actions'][number]['file']>['content'] {
  return content;
}
