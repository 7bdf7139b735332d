import type { StatusView } from '../facts/observe/status-view.ts';
import { parseStatusView, statusScript } from '../facts/observe/status-view.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { Host } from '../hosts/host.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { CONTROL_PLANE_TRACES, LOOK_PATIENCE_MS, lookAtFleet } from './look-at-fleet.ts';
import type { Seen } from './look-at-fleet.ts';
import type { Fleet } from './observe-fleet.ts';
import { observeHost } from './observe-fleet.ts';
import { unseenFact } from './unseen-fact.ts';

const CLUSTER_TIMEOUT_MS = 7000;

/** What one look saw. */
export type StatusSnapshot = Seen<StatusView>;

export interface StatusLook {
  readonly fleet: Fleet;
  /** What to ask of each machine. */
  readonly probes: (lane: LaneId) => readonly ProbeRequest[];
  readonly signal: AbortSignal;
  readonly patienceMs?: number;
}

/** Looks at every machine and at the cluster, whatever is down: what does not answer in time is unknown. */
export function observeStatus({ fleet, probes, signal, patienceMs = LOOK_PATIENCE_MS }: StatusLook): Promise<StatusSnapshot> {
  return lookAtFleet({
    ...{ fleet, signal, patienceMs },
    readHost: (lane, host, stop) => observeHost(host, [...probes(lane), ...CONTROL_PLANE_TRACES], stop),
    readCluster: readView,
  });
}

async function readView(lane: LaneId, host: Host, signal: AbortSignal): Promise<Fact<StatusView>> {
  try {
    return parseStatusView(await host.read(statusScript(), { signal, timeoutMs: CLUSTER_TIMEOUT_MS }), lane);
  } catch (error) {
    return unseenFact(error, signal);
  }
}
