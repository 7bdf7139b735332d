import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunEvent } from '../engine/events.ts';
import { bareHost } from '../facts/bare-host.ts';
import { known, unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { NO_EFFECT } from '../planning/step-types.ts';
import type { DeployPlan } from '../planning/step-types.ts';
import { applyCluster } from './apply-cluster.ts';
import type { ApplyOutcome } from './apply-cluster.ts';
import { readJournal } from './journal-file.ts';
import { runnableFor } from './plan-cluster.ts';
import type { RunnablePlan } from './runnable-plan.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { LockableHost } from './testing/lockable-host.ts';

const LANE = laneId('cp-1');
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'apply-'));
  vi.stubEnv('XDG_STATE_HOME', state);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true });
});

const removal: DeployPlan['steps'][number]['actions'][number] = { role: 'goal', action: { kind: 'absent', path: '/etc/x', because: 'a test', secret: false } };
const plan: DeployPlan = {
  desired: 'd',
  basis: [],
  texts: {},
  steps: [{ id: 'cp-1/prepare', title: 'prepare the machine', why: 'not yet', on: { lane: LANE }, needs: [], provides: [], gates: [], effect: NO_EFFECT, actions: [removal] }],
};

/** A plan for one machine, made when the machine's lock showed what it shows now. */
function planFor(machine: LockableHost): RunnablePlan {
  const { holder, isHeld } = machine;
  const facts = { ...bareHost(LANE, []), lock: holder && { ...holder, isHeld } };
  return {
    ...runnableFor(demoCluster),
    plan,
    refused: [],
    snapshot: { hosts: { [LANE]: known(facts) }, cluster: unknown('none') },
    artifacts: new Map(),
  } as unknown as RunnablePlan;
}

/** A machine on which every script succeeds, with the scripts that it ran. */
function machineWithRuns(): { readonly machine: LockableHost; readonly ran: string[]; readonly apply: (planned: RunnablePlan, warnings?: string[]) => Promise<ApplyOutcome> } {
  const machine = new LockableHost('cp-1').heldBy({ token: 4 }, false);
  const ran: string[] = [];
  const host = {
    ...machine.host(),
    run: async function* ({ stepId }: { readonly stepId: string }) {
      ran.push(stepId);
      yield await Promise.resolve({ type: 'exited' as const, exitCode: 0 });
    },
  };
  const apply = (planned: RunnablePlan, warnings: string[] = []): Promise<ApplyOutcome> =>
    applyCluster(planned, {
      fleet: new Map([[LANE, host]]),
      command: 'apply',
      signal: new AbortController().signal,
      emit: () => undefined,
      onWarning: (line) => warnings.push(line),
    });
  return { machine, ran, apply };
}

it('carries a plan out and records it', async () => {
  const { machine, ran, apply } = machineWithRuns();
  const outcome = await apply(planFor(machine));
  expect(outcome).toMatchObject({ result: 'succeeded', exitCode: 0, stepsRun: 1 });
  expect(ran).toEqual(['cp-1/prepare']);
  expect(readJournal(outcome.journal ?? '').events[0]).toMatchObject({ type: 'run.started', command: 'apply' });
  expect(readJournal(outcome.journal ?? '').events.map(({ type }: RunEvent) => type)).toEqual(['run.started', 'step.started', 'step.finished', 'run.finished']);
});

it('of two plans made at the same time the second is refused and changes nothing', async () => {
  const { machine, ran, apply } = machineWithRuns();
  const [first, second] = [planFor(machine), planFor(machine)];
  await apply(first);
  const holder = machine.holder;
  await expect(apply(second)).rejects.toMatchObject({ code: 'refused', exitCode: 5 });
  expect(ran).toEqual(['cp-1/prepare']);
  expect({ holder: machine.holder, isHeld: machine.isHeld }).toEqual({ holder, isHeld: false });
  expect((await apply(planFor(machine))).exitCode).toBe(0);
});

it('goes on without a journal, and says so once', async () => {
  const { machine, ran, apply } = machineWithRuns();
  writeFileSync(join(state, 'kubewright'), 'no directory');
  const warnings: string[] = [];
  expect(await apply(planFor(machine), warnings)).toMatchObject({ exitCode: 0, journal: undefined });
  expect(ran).toEqual(['cp-1/prepare']);
  expect(warnings).toEqual([expect.stringContaining('cannot be written, the run goes on without')]);
});
