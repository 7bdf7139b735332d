import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Action } from '../../src/actions/action.ts';
import { compileActions } from '../../src/actions/compile.ts';
import { actionKinds } from '../../src/actions/kinds.ts';
import { applyCluster } from '../../src/app/apply-cluster.ts';
import { readClusterFile } from '../../src/app/cluster-file.ts';
import { openFleet } from '../../src/app/open-fleet.ts';
import { planCluster } from '../../src/app/plan-cluster.ts';
import { laneId } from '../../src/plan/plan.ts';
import { goal } from '../../src/planning/step-types.ts';
import { ContractRecord, contractFleet } from '../lab-support/contract-host.ts';
import { leaveHalfJoined } from '../lab-support/half-joined.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import { TEST_PACKAGE, TEST_UNIT, offerPackage } from '../lab-support/local-packages.ts';
import { ask } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { CONTRACT_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

/** Kinds that no lab machine can carry out, each with why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  module: 'a lab machine has the kernel of its host and no modules of its own: there is nothing to load',
  ...Object.fromEntries(
    [
      ...['api-serving', 'config-map-entry', 'endpoint-answers', 'kubeconfig-server', 'serving-names', 'static-pod', 'tokens-absent', 'workload-restarted'],
      'workload-variables-absent',
    ].map((kind) => [kind, 'a repair of a flawed cluster: no deployment has it']),
  ),
  ...Object.fromEntries(
    ['given-back', 'ledger-closed', 'network-cleared', 'node-stopped'].map((kind) => [kind, 'the end of a cluster: 09-reset has them, held against all that is on the machine']),
  ),
};

const WITNESS = 'cp-1';
const never = new AbortController().signal;
/** Labels and taints of the worker: the kind that sets them needs some. */
const SETTINGS = { 'w-1': { labels: { disk: 'fast' }, taints: ['example.com/dedicated=tests:PreferNoSchedule'] } };

/** What came of a run: what failed, what was left out, and which action did not leave what it predicts. */
interface Outcome {
  readonly exitCode: number;
  readonly failed: readonly string[];
  readonly refused: readonly string[];
  readonly errors: readonly string[];
}

const ALL_WELL: Outcome = { exitCode: 0, failed: [], refused: [], errors: [] };

/** Deploys what the file says, each step held against what its actions predict. */
async function applyHeld(clusterFile: string, record: ContractRecord): Promise<Outcome> {
  const loaded = await readClusterFile(clusterFile);
  await using open = openFleet(loaded.cluster, { signal: never });
  const planned = await planCluster(loaded, { fleet: open.fleet, signal: never, onProgress: () => undefined });
  const fleet = contractFleet({ fleet: open.fleet, witness: laneId(WITNESS), steps: planned.plan.steps, record });
  const { exitCode, failed } = await applyCluster(planned, { fleet, signal: never, emit: () => undefined, onWarning: () => undefined });
  return {
    exitCode,
    failed: failed.map(({ step, error }) => [step, error.message, ...error.details].join('\n')),
    refused: planned.refused.map(({ id, why }) => `${id}: ${why}`),
    errors: record.errors,
  };
}

/** Carries one action out on a machine as a step of its own. */
async function actHeld(clusterFile: string, on: string, action: Action, record: ContractRecord): Promise<number> {
  const { cluster } = await readClusterFile(clusterFile);
  await using open = openFleet(cluster, { signal: never });
  const step = { id: `${on}/${action.kind}`, actions: [goal(action)] };
  const host = contractFleet({ fleet: open.fleet, witness: laneId(WITNESS), steps: [step], record }).get(laneId(on))!;
  const fence = { runId: randomUUID(), token: Number.MAX_SAFE_INTEGER };
  for await (const event of host.run({ fence, stepId: step.id, script: compileActions(step.actions).script, inputs: new Map(), mode: 'detached', deadlineMs: 60_000 }, never)) {
    if (event.type === 'exited') return event.exitCode;
  }
  throw new Error('the action did not end');
}

/** Contract of every kind of action (design, section 6): its real shell leaves what it predicts. A small lab of its own; every kind is carried out, or is said why not. */
describe('every kind of action leaves what it predicts', () => {
  const record = new ContractRecord();
  const clusterFile = join(scratchDirectory(), 'cluster.yaml');
  let machines: readonly Machine[];

  beforeAll(async () => {
    await clearLab(CONTRACT_LAB);
    machines = await raiseLab(CONTRACT_LAB);
    await writeClusterFile(CONTRACT_LAB.name, clusterFile, SETTINGS);
  });

  afterAll(async () => clearLab(CONTRACT_LAB));

  it('in a deployment on bare machines', async () => {
    expect(await applyHeld(clusterFile, record)).toEqual(ALL_WELL);
  });

  it('in the repair of a join that died, and the join that follows', async () => {
    machines = await raiseLab({ ...CONTRACT_LAB, controlPlanes: CONTRACT_LAB.controlPlanes + 1 });
    const witness = machines.find(({ name }) => name === WITNESS)!;
    const joining = machines.find(({ name }) => name === 'cp-2')!;
    await writeClusterFile(CONTRACT_LAB.name, clusterFile, SETTINGS);
    await leaveHalfJoined(joining, witness);
    expect(await applyHeld(clusterFile, record)).toEqual(ALL_WELL);
  });

  it('when a package is missing: installed, its service kept off', async () => {
    const worker = machines.find(({ role }) => role === 'worker')!;
    await offerPackage(worker);
    expect(
      await actHeld(clusterFile, worker.name, { kind: 'packages', manager: 'apt', names: [TEST_PACKAGE], keepOff: [{ package: TEST_PACKAGE, unit: TEST_UNIT }] }, record),
    ).toBe(0);
    expect(record.errors).toEqual([]);
    expect((await ask(worker, `systemctl is-active ${TEST_UNIT}; systemctl is-enabled ${TEST_UNIT}; ls /usr/sbin/policy-rc.d`)).stdout).toBe('inactive\nmasked\n');
  });

  it('and none is left out', () => expect([...record.kinds, ...Object.keys(NOT_HERE)].toSorted()).toEqual(actionKinds.toSorted()));

  it('verify confirms what was deployed and repaired', async () => {
    const { exitCode, stdout, stderr } = await kubewright(['verify', '-f', clusterFile]);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });
});
