import { workloadPods } from './workload-pods.ts';
import { CONTROL_PLANES, goal } from '../step-types.ts';
import type { Draft } from '../step-types.ts';
import { laneOfMachine, repairsOf } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';
import { restartDigest, restartOfWorkload, rolledOut, rolloutObstacle } from './restart-workload.ts';

/** Drafts what stands for itself and goes last: files and tokens that were left behind, pods that all run on one machine. */
export function planLeftovers(scene: RepairScene): void {
  planFiles(scene);
  planTokens(scene);
  planEnvironment(scene);
  for (const { workload, digest } of repairsOf(scene, 'restart-workload')) {
    addRollout(scene, workload, {
      id: `workload/${workload}`,
      title: digest === undefined ? `spread the pods of ${workload}` : `start the pods of ${workload} with their configuration`,
      on: { anyOf: CONTROL_PLANES },
      // Without a digest the pods that are there now are what is wrong: those that come are others.
      actions: restartOfWorkload(workload, digest ?? restartDigest(workloadPods(scene.view, workload))),
    });
  }
}

function addRollout(scene: RepairScene, workload: string, draft: Draft): void {
  const obstacle = rolloutObstacle(scene, workload);
  if (obstacle === undefined) scene.board.add(draft);
  else scene.board.refuse(draft.id, undefined, obstacle);
}

/** Variables of workloads; those of static pods are in their manifests. */
function planEnvironment(scene: RepairScene): void {
  for (const { workloads, variables } of repairsOf(scene, 'drop-environment')) {
    for (const workload of workloads) {
      addRollout(scene, workload, {
        id: `workload-variables/${workload}`,
        title: `take ${variables.join(', ')} out of ${workload}`,
        on: { anyOf: CONTROL_PLANES },
        actions: [goal({ kind: 'workload-variables-absent', workload, variables }), goal(rolledOut(workload))],
      });
    }
  }
}

function planFiles(scene: RepairScene): void {
  const files = repairsOf(scene, 'remove-files').flatMap((repair) => repair.files.map((file) => ({ ...file, code: repair.code })));
  for (const machine of scene.view.machines) {
    const here = files.filter(({ node }) => node === machine.name);
    if (here.length === 0) continue;
    scene.board.add({
      id: `${machine.name}/left-files`,
      title: 'remove files that were left behind',
      on: { lane: laneOfMachine(machine) },
      actions: here.map(({ path, code }) => goal({ kind: 'absent', path, because: code, secret: true })),
    });
  }
}

function planTokens(scene: RepairScene): void {
  const ids = [...new Set(repairsOf(scene, 'delete-tokens').flatMap((repair) => repair.ids))].sort();
  if (ids.length === 0) return;
  scene.board.add({ id: 'shared/tokens', title: 'delete bootstrap tokens', on: { anyOf: CONTROL_PLANES }, actions: [goal({ kind: 'tokens-absent', ids })] });
}
