import type { Action } from '../../src/actions/action.ts';
import { kindOf } from '../../src/actions/kinds.ts';
import { observeHost, readCluster } from '../../src/app/observe-fleet.ts';
import type { Fleet } from '../../src/app/observe-fleet.ts';
import type { ProbeRequest } from '../../src/facts/probe-request.ts';
import type { View } from '../../src/facts/snapshot.ts';
import type { Host, RunEvent, RunRequest } from '../../src/hosts/host.ts';
import { unknown } from '../../src/plan/fact.ts';
import type { LaneId } from '../../src/plan/plan.ts';
import type { DeployStep } from '../../src/planning/step-types.ts';
import { meansErrors } from './means-effects.ts';
import { predictAll, predictionErrors } from './predicted-facts.ts';

/** What came of holding each action of each step against its kind's own prediction. */
export class ContractRecord {
  readonly #kinds = new Set<string>();
  readonly #errors: string[] = [];

  note(step: string, action: Action, errors: readonly string[]): void {
    this.#kinds.add(action.kind);
    this.#errors.push(...errors.map((error) => `${step}: ${error}`));
  }

  /** Kinds of which an action was carried out and looked at. */
  get kinds(): readonly string[] {
    return [...this.#kinds].sort();
  }

  get errors(): readonly string[] {
    return this.#errors;
  }
}

export interface ContractWorld {
  readonly fleet: Fleet;
  /** Through which the cluster is seen. */
  readonly witness: LaneId;
  readonly steps: readonly Pick<DeployStep, 'id' | 'actions'>[];
  readonly record: ContractRecord;
}

/** The fleet with each host looking at itself before and after every step, and holding the difference against what the actions predict. */
export function contractFleet(world: ContractWorld): Fleet {
  return new Map([...world.fleet].map(([lane, host]) => [lane, contractHost(host, world)]));
}

function contractHost(host: Host, world: ContractWorld): Host {
  return {
    target: host.target,
    traffic: () => host.traffic(),
    read: (script, options) => host.read(script, options),
    follow: (run, signal) => host.follow(run, signal),
    upload: (blob, options) => host.upload(blob, options),
    lock: (holder, signal) => host.lock(holder, signal),
    unlock: (fence, signal) => host.unlock(fence, signal),
    run: (request, signal) => runHeld(host, request, world, signal),
  };
}

async function* runHeld(host: Host, request: RunRequest, world: ContractWorld, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const step = world.steps.find(({ id }) => id === request.stepId);
  const actions = step?.actions.map(({ action }) => action) ?? [];
  const before = await look(host, actions, world, signal);
  const outputs = new Map<string, Uint8Array>();
  for await (const event of host.run(request, signal)) {
    // The engine zeroes what it was given when the run ends.
    if (event.type === 'slot.provided') outputs.set(event.slot, Uint8Array.from(event.bytes));
    if (event.type === 'exited' && event.exitCode === 0) {
      const after = await look(host, actions, world, signal);
      const predicted = predictAll(actions, before);
      for (const { action, role } of step?.actions ?? []) {
        world.record.note(
          request.stepId,
          action,
          role === 'goal' ? predictionErrors(action, { predicted, after }, request.inputs) : meansErrors(action, after, { inputs: request.inputs, outputs }),
        );
      }
    }
    yield event;
  }
}

async function look(host: Host, actions: readonly Action[], { fleet, witness }: ContractWorld, signal: AbortSignal): Promise<View> {
  const probes = actions.flatMap((action) => [...kindOf(action).probes(), ...placed(action)]);
  const through = fleet.get(witness);
  if (through === undefined) throw new Error(`${witness} is not in the fleet`);
  const seen = await observeHost(host, probes, signal);
  const isAsked = actions.some((action) => asksTheCluster(action, seen));
  return { host: seen, cluster: isAsked ? await readCluster(witness, through, signal) : unknown('no action of the step asks for it') };
}

/** Whether what the action is held against is of the cluster: a look at that takes longer than most steps. */
function asksTheCluster(action: Action, host: View['host']): boolean {
  let isAsked = action.kind === 'token-create';
  const view: View = {
    host,
    get cluster() {
      isAsked = true;
      return unknown('not looked at yet');
    },
  };
  kindOf(action).progress({ read: (key) => key.pick(view) });
  return isAsked;
}

/** A place for a secret is not observed by the tool. */
function placed(action: Action): readonly ProbeRequest[] {
  return action.kind === 'place-secret' ? [{ probe: 'file', path: action.path, text: false }] : [];
}
