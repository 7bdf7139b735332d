import { setMaxListeners } from 'node:events';
import { applyCluster } from '../app/apply-cluster.ts';
import type { ApplyOutcome } from '../app/apply-cluster.ts';
import type { LoadedCluster } from '../app/cluster-file.ts';
import type { Fleet } from '../app/observe-fleet.ts';
import type { PlannedCluster } from '../app/plan-cluster.ts';
import { planWithArtifacts } from '../app/plan-cluster.ts';
import { planClusterReset } from '../app/plan-reset.ts';
import type { RunnablePlan } from '../app/runnable-plan.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { findRelease } from '../catalogue/catalogue.ts';
import type { RunEvent } from '../engine/events.ts';
import { decodeJournal, encodeRecord, isJournalled } from '../engine/journal.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import type { Cluster } from '../model/cluster.ts';
import type { DeployPlan } from '../planning/step-types.ts';
import { sha256 } from '../util/sha256.ts';
import { SimOperator } from './sim-operator.ts';
import type { SimWorld } from './sim-world.ts';

/** Artifacts of a cluster, made up: nothing is sent but their names. */
const artifacts: ReadonlyMap<Artifact['name'], Artifact> = new Map(
  clusterArtifacts.map((name) => {
    const images = name.startsWith('images-') ? { images: [1, 2].map((number) => ({ name: `${name}:${number}`, digest: `sha256:${sha256(`${name}${number}`)}` })) } : {};
    return [name, { name, version: '1', path: `/artifacts/${name.replace(/^cni-/, '')}`, sha256: sha256(name), sizeBytes: name.length, ...images }];
  }),
);

/** Thrown where the operator's process ends at once: nothing after it is written down. */
class Killed extends Error {}

/** A process of the tool at work on a simulated world. */
export interface Attempt {
  readonly operator: SimOperator;
  /** Records of its journal so far. */
  readonly records: readonly RunEvent[];
}

export interface AttemptEnd {
  readonly planned: RunnablePlan;
  readonly records: readonly RunEvent[];
  /** Undefined where the operator was killed. */
  readonly outcome: ApplyOutcome | undefined;
}

export function loadedOf(cluster: Cluster): LoadedCluster {
  const release = findRelease(cluster.wide.kubernetesVersion);
  if (release === undefined) throw new Error(`no release ${cluster.wide.kubernetesVersion}`);
  return { path: 'cluster.yaml', cluster, release, desired: digestOfCluster(cluster), warnings: [] };
}

/** A signal that never comes, heard by as many as there are machines. */
function never(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}

/** `kubewright plan`. */
export function planOn(world: SimWorld, loaded: LoadedCluster, { operator = new SimOperator(world), collect = false } = {}): Promise<PlannedCluster> {
  return world.clock.drive(planFor(loaded, operator.fleet, collect));
}

/** `planOn` for machines that answer by themselves. */
export function planFor(loaded: LoadedCluster, fleet: Fleet, collect = false): Promise<PlannedCluster> {
  return planWithArtifacts(loaded, artifacts, { fleet, signal: never(), onProgress: () => undefined, collect });
}

export interface Hooks {
  /** Told of every record that has reached the journal. */
  readonly onRecord?: (attempt: Attempt) => void;
  /** Puts another plan in place of the one that was made: a planner with a defect. */
  readonly change?: (plan: DeployPlan) => DeployPlan;
}

/** A command that plans and carries out, by a process of its own. */
export type Command = (world: SimWorld, loaded: LoadedCluster, hooks?: Hooks) => Promise<AttemptEnd>;

/** `kubewright apply --yes`. */
export const applyOn: Command = (world, loaded, hooks) => carryOut(world, (operator) => planOn(world, loaded, { operator, collect: true }), hooks);

/** `kubewright reset --yes`, the cluster named. */
export const resetOn: Command = (world, loaded, hooks) => {
  const onProgress = (line: string): void => void (line.includes('the file is believed') && world.violations.push(line));
  return carryOut(world, ({ fleet }) => world.clock.drive(planClusterReset(loaded, { fleet, signal: never(), onProgress, collect: true, allowed: [] })), hooks);
};

async function carryOut(
  world: SimWorld,
  plan: (operator: SimOperator) => Promise<RunnablePlan>,
  { onRecord = () => undefined, change = (made) => made }: Hooks = {},
): Promise<AttemptEnd> {
  const operator = new SimOperator(world);
  const made = await plan(operator);
  const planned = { ...made, plan: change(made.plan) };
  world.steps = new Map(planned.plan.steps.map((step) => [step.id, step]));
  let journal = '';
  const records: RunEvent[] = [];
  const emit = (event: RunEvent): void => {
    if (!operator.isAlive) throw new Killed();
    if (!isJournalled(event)) return;
    records.push(event);
    onRecord({ operator, records });
    if (!operator.isAlive) throw new Killed();
  };
  const openJournal = (): { path: string; append: (event: RunEvent) => void; close: () => void } => ({
    path: 'memory',
    append: (event) => {
      if (operator.isAlive && isJournalled(event)) journal += encodeRecord(event);
    },
    close: () => undefined,
  });
  const work = applyCluster(planned, {
    fleet: operator.fleet,
    signal: never(),
    emit,
    onWarning: (line) => world.violations.push(line),
    clock: world.clock,
    openJournal,
  });
  const outcome = await world.clock.drive(work.catch(unlessKilled));
  operator.kill();
  if (planned.plan.steps.length > 0 && decodeJournal(journal).events.length !== records.length) world.violations.push('the journal does not hold what happened');
  return { planned, records, outcome };
}

function unlessKilled(error: unknown): undefined {
  if (!(error instanceof Killed)) throw error;
  return undefined;
}
