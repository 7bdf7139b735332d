import { basename } from 'node:path';
import { kindOf } from '../actions/kinds.ts';
import type { Action } from '../actions/action.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureArtifacts } from '../artifacts/ensure-artifacts.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import type { PlanJson } from '../contract/plan.ts';
import { planJson } from '../contract/plan.ts';
import { AppError } from '../errors/app-error.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { laneId } from '../plan/plan.ts';
import type { Content, Slot, TextRef } from '../plan/plan.ts';
import { checkPlan } from '../plan/check-plan.ts';
import type { ArtifactRef } from '../planning/artifact-refs.ts';
import type { DeployAnswer } from '../planning/plan-deploy.ts';
import { deployProbes, planDeploy } from '../planning/plan-deploy.ts';
import type { DeployPlan, DeployStep, Gate } from '../planning/step-types.ts';
import { count } from '../util/count.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { preflightProbes } from '../rules/preflight/preflight-rules.ts';
import { observeSettled } from './observe-settled.ts';
import type { Consents } from './preflight.ts';
import { checkConsents, preflight } from './preflight.ts';
import { journalDirectory, leftByLastRun } from './run-journal.ts';
import type { SettleContext } from './observe-settled.ts';

export interface PlanContext extends SettleContext {
  readonly onArtifact?: (event: ArtifactEvent) => void;
  /** Of a plan that is carried out; of one that is only shown, the warnings of preflight are said and refuse nothing. */
  readonly consents?: Consents;
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
 * Looks at every machine and plans what brings them to the cluster of the file. Changes nothing. Throws `refused` with the report of preflight, or with every difference that cannot be
 * carried out, `cluster-unreachable` when a cluster may be there and cannot be seen, `host-unreachable` when a machine that is not yet a member is not there.
 */
export async function planCluster(loaded: LoadedCluster, context: PlanContext): Promise<PlannedCluster> {
  checkConsents(context.consents);
  if (context.collect === true) sayWhatIsLeft(loaded.cluster.wide.name, context.onProgress);
  const artifacts = await ensureArtifacts(loaded.release, clusterArtifacts, { signal: context.signal, onProgress: context.onArtifact });
  return planWithArtifacts(loaded, artifacts, context);
}

/** `planCluster` with the artifacts at hand. */
export async function planWithArtifacts(loaded: LoadedCluster, artifacts: PlannedCluster['artifacts'], context: PlanContext): Promise<PlannedCluster> {
  const { cluster, desired, release } = loaded;
  const refs = new Map([...artifacts].map(([name, artifact]) => [name, artifactRefOf(artifact)]));
  const input = { cluster, desired, artifacts: refs, release };
  context.onProgress(`looking at ${count(cluster.nodes.length, 'machine')}`);
  const snapshot = await observeSettled([...deployProbes(input), ...preflightProbes], context);
  await preflight(loaded, snapshot, context);
  const answer = planDeploy({ ...input, snapshot });
  refuseWhatCannotBe(loaded, snapshot, answer);
  checkWellFormed(answer.plan);
  return { loaded, plan: answer.plan, json: toJson(cluster.wide.name, answer.plan), refused: answer.refused, snapshot, artifacts };
}

/** Of the last run from this machine; what became of it since is observed. */
function sayWhatIsLeft(cluster: string, onProgress: (line: string) => void): void {
  const left = leftByLastRun(journalDirectory(cluster));
  if (left !== undefined) onProgress(left);
}

function artifactRefOf({ name, version, sha256, sizeBytes, path, images }: Artifact): ArtifactRef {
  return { name, version, sha256, sizeBytes, fileName: basename(path), images: images ?? [] };
}

function refuseWhatCannotBe({ cluster, path }: LoadedCluster, snapshot: Snapshot, { unsupported, obscured }: DeployAnswer): void {
  if (unsupported.length > 0) {
    throw new AppError('refused', `${path} asks for what this version cannot change on a living cluster; nothing was changed`, {
      details: unsupported.map(({ where, why }) => `${where}: ${why}`),
      hint: 'put the file back to what the cluster is, or make the change by hand first',
    });
  }
  const members = snapshot.cluster.state === 'known' ? snapshot.cluster.value.nodes : {};
  const missing = cluster.nodes.flatMap(({ name }) => {
    const fact = snapshot.hosts[laneId(name)];
    return fact !== undefined && fact.state !== 'known' && !(name in members) ? [`${name}: ${fact.why}`] : [];
  });
  if (missing.length > 0)
    throw new AppError(
      'host-unreachable',
      `${missing.length === 1 ? 'a machine that is not yet a member was' : `${missing.length} machines that are not yet members were`} not reached; nothing was changed`,
      { details: missing },
    );
  if (obscured !== undefined) {
    const why = snapshot.cluster.state === 'known' ? [] : [snapshot.cluster.why];
    throw new AppError('cluster-unreachable', `${obscured}; nothing was changed`, {
      details: why,
      hint: 'bring one control plane back, or look at its kubelet and etcd, then run the command again',
    });
  }
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
