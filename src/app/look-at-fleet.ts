import type { ClusterFacts } from '../facts/cluster-facts.ts';
import { ADMIN_CONF, manifestPath } from '../facts/kubernetes-paths.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { Host } from '../hosts/host.ts';
import { StallWatch } from '../hosts/stall-watch.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { ChannelOf } from '../util/channel.ts';
import { firstWholeAnswer } from './first-whole-answer.ts';

/** A person waits for a command that only looks: what is silent for so long after the last answer is told as not seen. Beyond `LOOK_CONNECT_SECONDS`, so that ssh's own words come first, and beyond what a request to an API server may take. */
export const LOOK_PATIENCE_MS = 6000;

/** How much of its patience a look gives a control plane that is asked for the cluster before it asks the next one as well. */
const HEAD_STARTS = 8;

/** Files by which a control plane that may answer is known: both are asked for in every observation. */
export const CONTROL_PLANE_TRACES: readonly ProbeRequest[] = [
  { probe: 'file', path: ADMIN_CONF, text: false },
  { probe: 'file', path: manifestPath('kube-apiserver'), text: false },
];

/** What one look saw; `V` is what was asked of the cluster. */
export interface Seen<V> {
  readonly hosts: Readonly<Record<LaneId, Fact<HostFacts>>>;
  readonly cluster: Fact<V>;
}

export interface FleetLook<V> {
  readonly fleet: ReadonlyMap<LaneId, Host>;
  /** Asks a machine, for `CONTROL_PLANE_TRACES` too. */
  readonly readHost: (lane: LaneId, host: Host, signal: AbortSignal) => Promise<Fact<HostFacts>>;
  /** Asks a control plane for the cluster. */
  readonly readCluster: (lane: LaneId, host: Host, signal: AbortSignal) => Promise<Fact<V>>;
  readonly signal: AbortSignal;
  /** What has not answered so long after the last answer of any is unknown; without it a machine has the time of its connection and its script. */
  readonly patienceMs?: number | undefined;
  /** Told of each machine as it answers. */
  readonly onHost?: (lane: LaneId, fact: Fact<HostFacts>) => void;
}

/**
 * Looks at every machine at once, and meanwhile at the cluster through the first control plane that answers whole: nobody waits for a machine that is away but for what only it can
 * tell.
 */
export async function lookAtFleet<V extends Pick<ClusterFacts, 'etcdMembers'>>(look: FleetLook<V>): Promise<Seen<V>> {
  const { fleet, readHost, readCluster, onHost } = look;
  using inTime = new InTime(look);
  const arrivals = new ChannelOf<LaneId>();
  const stopped: LaneId[] = [];
  const looks = [...fleet].map(async ([lane, host]): Promise<readonly [LaneId, Fact<HostFacts>]> => {
    const fact = await inTime.askMachine((signal) => readHost(lane, host, signal));
    onHost?.(lane, fact);
    // Those whose API server runs are asked first: none is special.
    if (fact.state === 'known' && isControlPlane(fact.value)) (runsApiServer(fact.value) ? arrivals : stopped).push(lane);
    return [lane, fact];
  });
  const hosts = Promise.all(looks);
  hosts.then(
    () => {
      for (const lane of stopped) arrivals.push(lane);
      arrivals.end();
    },
    (error: unknown) => arrivals.fail(error),
  );
  const ask = (lane: LaneId, enough: AbortSignal): Promise<Fact<V>> => {
    const host = fleet.get(lane);
    if (host === undefined) return Promise.resolve(unknown(`${lane} is not in the fleet`));
    return inTime.askForCluster(lane, (signal) => readCluster(lane, host, AbortSignal.any([signal, enough])));
  };
  const cluster = await firstWholeAnswer(arrivals, ask, look.patienceMs === undefined ? undefined : look.patienceMs / HEAD_STARTS);
  return { hosts: Object.fromEntries(await hosts), cluster };
}

/** Questions that end when nothing has been answered for the look's patience. */
class InTime implements Disposable {
  readonly #machines: StallWatch | undefined;
  /** Of each control plane that is asked for the cluster: one that says nothing takes no time from another. */
  readonly #cluster = new Set<StallWatch>();
  readonly #stop: AbortSignal;
  readonly #patienceMs: number | undefined;

  constructor({ signal, patienceMs }: Pick<FleetLook<unknown>, 'signal' | 'patienceMs'>) {
    this.#machines = patienceMs === undefined ? undefined : new StallWatch(patienceMs);
    this.#stop = signal;
    this.#patienceMs = patienceMs;
  }

  askMachine<T>(question: (signal: AbortSignal) => Promise<Fact<T>>): Promise<Fact<T>> {
    this.#machines?.goesOn();
    return this.#ask(this.#machines, question, 'no answer');
  }

  async askForCluster<T>(lane: LaneId, question: (signal: AbortSignal) => Promise<Fact<T>>): Promise<Fact<T>> {
    if (this.#patienceMs === undefined) return this.#ask(undefined, question, '');
    using watch = new StallWatch(this.#patienceMs);
    this.#cluster.add(watch);
    try {
      return await this.#ask(watch, question, `${lane} gave no answer about the cluster`);
    } finally {
      this.#cluster.delete(watch);
    }
  }

  async #ask<T>(watch: StallWatch | undefined, question: (signal: AbortSignal) => Promise<Fact<T>>, late: string): Promise<Fact<T>> {
    try {
      const fact = await question(watch === undefined ? this.#stop : AbortSignal.any([this.#stop, watch.signal]));
      this.#machines?.goesOn();
      for (const other of this.#cluster) other.goesOn();
      return fact;
    } catch (error) {
      if (watch?.signal.aborted !== true || this.#stop.aborted) throw error;
      return unknown(`${late} within ${(this.#patienceMs ?? 0) / 1000} s of the last one of any machine`);
    }
  }

  [Symbol.dispose](): void {
    this.#machines?.[Symbol.dispose]();
  }
}

/** Whether the machine has what an API server is asked with; it was asked for `CONTROL_PLANE_TRACES`. */
function isControlPlane({ files }: HostFacts): boolean {
  return files[ADMIN_CONF]?.type === 'file' && files[manifestPath('kube-apiserver')]?.type === 'file';
}

/** Whether an API server runs there that can be asked. */
export function runsApiServer(host: HostFacts): boolean {
  return isControlPlane(host) && host.processes.some(({ name }) => name === 'kube-apiserver');
}
