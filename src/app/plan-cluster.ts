import { basename } from 'node:path';
import type { Artifact } from '../artifacts/artifact.ts';
import { clusterArtifacts } from '../artifacts/artifact.ts';
import { ensureArtifacts } from '../artifacts/ensure-artifacts.ts';
import type { ArtifactEvent } from '../artifacts/progress.ts';
import { AppError } from '../errors/app-error.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { laneId } from '../plan/plan.ts';
import type { ArtifactRef } from '../planning/artifact-refs.ts';
import type { DeployAnswer } from '../planning/plan-deploy.ts';
import { deployProbes, planDeploy } from '../planning/plan-deploy.ts';
import type { Cluster } from '../model/cluster.ts';
import { controlPlanesOf, expectedOf } from '../rules/verify/expected-cluster.ts';
import { count } from '../util/count.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { observeSettled } from './observe-settled.ts';
import { checkWellFormed, toJson } from './plan-json.ts';
import type { RunnablePlan } from './runnable-plan.ts';
import { journalDirectory, leftByLastRun } from './run-journal.ts';
import type { SettleContext } from './observe-settled.ts';

export interface PlanContext extends SettleContext {
  readonly onArtifact?: (event: ArtifactEvent) => void;
}

/** A plan for the cluster of a file. */
export interface PlannedCluster extends RunnablePlan {
  readonly loaded: LoadedCluster;
}

/**
 * Looks at every machine and plans what brings them to the cluster of the file. Changes nothing. Throws `refused` with every difference that cannot be
 * carried out, `cluster-unreachable` when a cluster may be there and cannot be seen, `host-unreachable` when a machine that is not yet a member is not there.
 */
export async function planCluster(loaded: LoadedCluster, context: PlanContext): Promise<PlannedCluster> {
  const { cluster, desired, release } = loaded;
  const { signal } = context;
  if (context.collect === true) sayWhatIsLeft(cluster.wide.name, context.onProgress);
  const artifacts = await ensureArtifacts(release, clusterArtifacts, { signal, onProgress: context.onArtifact });
  const refs = new Map([...artifacts].map(([name, artifact]) => [name as string, artifactRefOf(artifact)]));
  const input = { cluster, desired, artifacts: refs, release };
  context.onProgress(`looking at ${count(cluster.nodes.length, 'machine')}`);
  const snapshot = await observeSettled(deployProbes(input), context);
  const answer = planDeploy({ ...input, snapshot });
  refuseWhatCannotBe(loaded, snapshot, answer);
  checkWellFormed(answer.plan);
  const { plan, refused } = answer;
  return { ...runnableFor(cluster), loaded, plan, json: toJson(cluster.wide.name, plan), refused, snapshot, artifacts };
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
