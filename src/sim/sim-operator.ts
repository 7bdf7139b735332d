import { compileActions } from '../actions/compile.ts';
import { AppError } from '../errors/app-error.ts';
import { clusterScript } from '../facts/observe/cluster-script.ts';
import type { Fleet } from '../app/observe-fleet.ts';
import type { Host, LockAnswer, LockHolder, RunEvent, RunRequest } from '../hosts/host.ts';
import type { LaneId } from '../plan/plan.ts';
import { encodeCluster, encodeNoCluster } from './encode-cluster.ts';
import { askedBy, encodeHost } from './encode-host.ts';
import { startScript } from './run-script.ts';
import type { SimJob } from './sim-job.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** Above every process id of Linux: whoever had it is dead. */
const DEAD_PID = 'pid 4194305';

/** One process of the tool: the machines as it reaches them, until it is killed. */
export class SimOperator {
  readonly fleet: Fleet;
  readonly #world: SimWorld;
  readonly #unreached = new Set<SimMachine>();
  readonly #attached = new Map<SimJob, SimMachine>();
  readonly #connections = new Set<Connection>();
  #isAlive = true;

  constructor(world: SimWorld) {
    this.#world = world;
    this.fleet = new Map([...world.machines].map(([lane, machine]) => [lane, this.#host(lane, machine)]));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The process is gone, killed or at its end: scripts within its connections end, all others go on, and its locks are a dead one's. */
  kill(): void {
    this.#isAlive = false;
    for (const machine of this.#world.machines.values()) {
      this.#lose(machine, new Error('the operator was killed'));
      if (machine.lock !== undefined) machine.lock = { ...machine.lock, owner: machine.lock.owner.replace(/pid \d+$/, DEAD_PID) };
    }
  }

  /** The machine is reached no more, whatever goes on there. */
  lose(machine: SimMachine): void {
    this.#unreached.add(machine);
    this.#lose(machine, new AppError('host-unreachable', `${machine.name}: the connection was lost`));
  }

  #lose(machine: SimMachine, error: Error): void {
    for (const connection of this.#connections) if (connection.machine === machine) connection.fail(error);
    for (const [job, on] of this.#attached) if (on === machine) job.die();
  }

  #host(lane: LaneId, machine: SimMachine): Host {
    return {
      target: { name: lane, address: machine.address, user: 'root' },
      traffic: () => ({ roundTrips: 0, bytesSent: 0, bytesReceived: 0 }),
      read: async (script) => (await this.#reach(machine), this.#read(machine, script)),
      run: (request) => this.#run(machine, request),
      follow: (run) => this.#follow(machine, run),
      upload: async ({ sha256 }) => {
        await this.#reach(machine);
        machine.blobs.add(sha256);
      },
      lock: async (holder, _signal, over) => (await this.#reach(machine), this.#lock(machine, holder, over)),
      unlock: async ({ runId, token }) => {
        await this.#reach(machine);
        if (machine.lock?.runId === runId && machine.lock.token === token) machine.lock = { ...machine.lock, untilMs: 0 };
      },
    };
  }

  async #reach(machine: SimMachine): Promise<void> {
    await Promise.resolve();
    if (!this.#isAlive) throw new Error('the operator was killed');
    if (!machine.isUp || this.#unreached.has(machine)) throw new AppError('host-unreachable', `${machine.name}: no route to host`);
  }

  #read(machine: SimMachine, script: string): string {
    const world = this.#world;
    if (script.includes('/readyz')) return world.isServing(machine) ? 'ok' : 'no';
    if (script !== clusterScript()) return encodeHost(machine.observed(world.clock.now()), askedBy(script));
    const seen = world.clusterVia(machine);
    return seen.state === 'known' ? encodeCluster(seen.value) : encodeNoCluster(seen.why);
  }

  /** As the host's lock program: numbers only rise, and a holder is told how long it has, not until when. */
  #lock(machine: SimMachine, holder: LockHolder, over?: string): LockAnswer {
    const nowMs = this.#world.clock.now();
    const { lock } = machine;
    const isOwn = lock?.runId === holder.runId && lock.token <= holder.token;
    if (lock !== undefined && !isOwn) {
      if (lock.untilMs > nowMs && lock.runId !== over) return { taken: false, held: true, holder: lock };
      if (holder.token <= lock.token) return { taken: false, held: false, holder: lock };
    }
    machine.lock = { ...holder, untilMs: nowMs + Date.parse(holder.expires) - Date.now() };
    return { taken: true, ...(lock !== undefined && !isOwn && { before: lock.token }) };
  }

  async *#run(machine: SimMachine, request: RunRequest): AsyncGenerator<RunEvent> {
    await this.#reach(machine);
    const { lock } = machine;
    if (lock !== undefined && lock.token > request.fence.token) throw new AppError('locked', `${machine.name} is in the hands of another run`);
    if (machine.jobs.some(({ isRunning }) => isRunning)) throw new AppError('locked', `another script still runs on ${machine.name}`);
    const step = this.#world.steps.get(request.stepId);
    if (step === undefined || compileActions(step.actions).script !== request.script) throw new Error(`${request.stepId} is not the script of a step that was planned`);
    const job = startScript(this.#world, machine, { request, actions: step.actions.map(({ action }) => action) });
    if (request.mode === 'attached') this.#attached.set(job, machine);
    yield* this.#followJob(machine, job);
  }

  async *#follow(machine: SimMachine, run: { readonly runId: string; readonly stepId: string }): AsyncGenerator<RunEvent> {
    await this.#reach(machine);
    const job = machine.jobs.find(({ request }) => request.fence.runId === run.runId && request.stepId === run.stepId);
    if (job === undefined) throw new AppError('step-failed', `${run.stepId} is not there`, { retry: 'safe' });
    yield* this.#followJob(machine, job);
  }

  async *#followJob(machine: SimMachine, job: SimJob): AsyncGenerator<RunEvent> {
    const connection: Connection = { machine, fail: () => undefined };
    const events = job.follow();
    connection.fail = (error) => events.fail(error);
    this.#connections.add(connection);
    try {
      yield* events;
    } finally {
      this.#connections.delete(connection);
      // Nobody reads what it says any more: a script within the connection ends with it.
      if (this.#attached.delete(job)) job.die();
    }
  }
}

/** One script that is followed. */
interface Connection {
  readonly machine: SimMachine;
  fail: (error: Error) => void;
}
