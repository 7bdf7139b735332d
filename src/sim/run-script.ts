import type { Action } from '../actions/action.ts';
import type { RunRequest } from '../hosts/host.ts';
import { perform } from './effects.ts';
import { settleWorld } from './sim-controllers.ts';
import { JobDied, SimJob } from './sim-job.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';
import { ScriptFailed } from './work.ts';
import type { Work } from './work.ts';

const PAUSE_MS = 20;

/** A step's script with what it is made of. */
interface Script {
  readonly request: RunRequest;
  readonly actions: readonly Action[];
}

/** Starts a script on a machine: from then on it goes on by itself, followed or not. */
export function startScript(world: SimWorld, machine: SimMachine, script: Script): SimJob {
  const job = new SimJob(script.request);
  machine.jobs = [...machine.jobs, job];
  void runActions(world, machine, job, script).catch((error: unknown) => world.violations.push(`the simulation is wrong: ${String(error)}`));
  return job;
}

async function runActions(world: SimWorld, machine: SimMachine, job: SimJob, { request, actions }: Script): Promise<void> {
  const work: Work = {
    world,
    machine,
    inputs: new Map([...request.inputs].map(([name, bytes]) => [name, Uint8Array.from(bytes)])),
    provide: (slot, text) => job.emit({ type: 'slot.provided', slot: slot.slot.replaceAll('/', '_'), bytes: Buffer.from(text) }),
    pause: () => pause(world, machine, job),
  };
  try {
    for (const [index, action] of actions.entries()) {
      await work.pause();
      job.emit({ type: 'action.started', index });
      await perform(action, work);
      settleWorld(world);
      if (!job.isRunning) return;
      job.emit({ type: 'action.finished', index });
    }
    job.end(0);
  } catch (error) {
    if (error instanceof JobDied) return;
    if (!(error instanceof ScriptFailed)) throw error;
    job.emit({ type: 'output', index: undefined, line: error.message });
    job.end(error.exitCode);
  }
}

/** What was done before takes hold while time passes. */
async function pause(world: SimWorld, machine: SimMachine, job: SimJob): Promise<void> {
  settleWorld(world);
  world.moment(machine);
  if (!job.isRunning) throw new JobDied();
  await world.clock.sleep(PAUSE_MS, new AbortController().signal);
  if (!job.isRunning) throw new JobDied();
}
