import { clusterScript } from '../facts/observe/cluster-script.ts';
import { hostScript } from '../facts/observe/host-script.ts';
import { parseCluster } from '../facts/observe/parse-cluster.ts';
import { parseHost } from '../facts/observe/parse-host.ts';
import type { ClusterFacts } from '../facts/cluster-facts.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import { mergeProbes } from '../facts/probe-request.ts';
import type { MergedProbes, ProbeRequest } from '../facts/probe-request.ts';
import { runsShell } from '../facts/probes/runs.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Host } from '../hosts/host.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { firstWholeAnswer } from './first-whole-answer.ts';
import { CONTROL_PLANE_TRACES, lookAtFleet } from './look-at-fleet.ts';
import type { FleetLook } from './look-at-fleet.ts';
import { unseenFact } from './unseen-fact.ts';

const HOST_TIMEOUT_MS = 30_000;
const CLUSTER_TIMEOUT_MS = 30_000;

/** Machines by lane, as one command uses them. */
export type Fleet = ReadonlyMap<LaneId, Host>;

/** One look at every host, each in one round trip, and one more at the cluster through a control plane that answers. */
export async function observeFleet(
  fleet: Fleet,
  requests: readonly ProbeRequest[],
  { signal, ...options }: Pick<FleetLook<ClusterFacts>, 'signal' | 'patienceMs' | 'onHost'>,
): Promise<Snapshot> {
  // Once for all: a plan of many machines asks the same of each many times over.
  const look = lookFor([...requests, ...CONTROL_PLANE_TRACES]);
  return lookAtFleet({ ...options, fleet, signal, readHost: (_lane, host, stop) => readHost(host, look, stop), readCluster });
}

/** Facts of one host. A machine that cannot be reached is a fact too. */
export function observeHost(host: Host, requests: readonly ProbeRequest[], signal: AbortSignal): Promise<Fact<HostFacts>> {
  return readHost(host, lookFor(requests), signal);
}

interface Look {
  readonly probes: MergedProbes;
  readonly script: string;
}

function lookFor(requests: readonly ProbeRequest[]): Look {
  const probes = mergeProbes(requests);
  return { probes, script: hostScript(probes, runsShell()) };
}

async function readHost(host: Host, { probes, script }: Look, signal: AbortSignal): Promise<Fact<HostFacts>> {
  try {
    const fromMs = Date.now();
    const answer = await host.read(script, { signal, timeoutMs: HOST_TIMEOUT_MS });
    return known({ ...parseHost(answer, probes), lookedAt: { fromMs, untilMs: Date.now() } });
  } catch (error) {
    return unseenFact(error, signal);
  }
}

/** The cluster as the first of these control planes that answers whole shows it. */
export function askForCluster(lanes: readonly LaneId[], fleet: Fleet, signal: AbortSignal): Promise<Fact<ClusterFacts>> {
  return firstWholeAnswer(lanes, (lane) => {
    const host = fleet.get(lane);
    return host === undefined ? Promise.resolve(unknown(`${lane} is not in the fleet`)) : readCluster(lane, host, signal);
  });
}

/** One control plane asked for the cluster; unknown with why where it does not answer. */
export async function readCluster(lane: LaneId, host: Host, signal: AbortSignal): Promise<Fact<ClusterFacts>> {
  try {
    return parseCluster(await host.read(clusterScript(), { signal, timeoutMs: CLUSTER_TIMEOUT_MS }), lane);
  } catch (error) {
    return unseenFact(error, signal);
  }
}
