import { AppError } from '../errors/app-error.ts';
import type { ClusterFacts } from '../facts/cluster-facts.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { pollUntil } from '../util/poll.ts';
import { readinessOf } from './api-readiness.ts';
import type { PollClock } from '../util/poll.ts';
import { askForCluster } from './observe-fleet.ts';
import type { Fleet } from './observe-fleet.ts';

/** An API server that starts, or whose etcd elects a leader, is back within this. */
const PICK_DEADLINE_MS = 60_000;

/** Finds, during a run, a control plane that answers: any will do, and the one that answered last is asked first. */
export class ClusterReader {
  readonly #fleet: Fleet;
  readonly #clock: PollClock | undefined;
  /** In the order in which they are asked. */
  #lanes: readonly LaneId[];

  constructor(fleet: Fleet, controlPlanes: readonly LaneId[], snapshot: Snapshot, clock?: PollClock) {
    this.#fleet = fleet;
    this.#clock = clock;
    this.#lanes = controlPlanes;
    if (snapshot.cluster.state === 'known') this.#prefer(snapshot.cluster.value.via);
  }

  get controlPlanes(): readonly LaneId[] {
    return this.#lanes;
  }

  /** The cluster as the first control plane that answers whole shows it. */
  async read(signal: AbortSignal): Promise<Fact<ClusterFacts>> {
    const fact = await askForCluster(this.#lanes, this.#fleet, signal);
    if (fact.state === 'known') this.#prefer(fact.value.via);
    return fact;
  }

  /** A control plane whose own API server is ready, an idle one if there is one; waits for the first that is. Throws `cluster-unreachable` when none was in time. */
  async pick(
    signal: AbortSignal,
    busy: ReadonlySet<LaneId>,
    { deadlineMs = PICK_DEADLINE_MS, except }: { readonly deadlineMs?: number; readonly except?: string | undefined } = {},
  ): Promise<LaneId> {
    const idleFirst = this.#lanes.filter((lane) => lane !== except).sort((a, b) => Number(busy.has(a)) - Number(busy.has(b)));
    try {
      const time = this.#clock === undefined ? {} : { clock: this.#clock };
      return await pollUntil(() => this.#firstReady(idleFirst, signal), { what: 'an API server that is ready', deadlineMs, signal, ...time });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'gate-closed') throw error;
      throw new AppError('cluster-unreachable', `none of ${this.#lanes.join(', ')} has an API server that is ready (waited ${deadlineMs / 1000} s)`, { retry: 'safe' });
    }
  }

  async #firstReady(lanes: readonly LaneId[], signal: AbortSignal): Promise<LaneId | undefined> {
    for (const lane of lanes) {
      if ((await readinessOf(this.#fleet.get(lane), undefined, signal)) === 'ready') return lane;
    }
    return undefined;
  }

  #prefer(lane: LaneId): void {
    this.#lanes = [lane, ...this.#lanes.filter((other) => other !== lane)];
  }
}
