import type { HostFacts } from '../facts/host-facts.ts';
import type { StatusView } from '../facts/observe/status-view.ts';
import { parseStatusView, statusScript } from '../facts/observe/status-view.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { Host } from '../hosts/host.ts';
import type { Fact } from '../plan/fact.ts';
import { known, unknown } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { ChannelOf } from '../util/channel.ts';
import type { Fleet } from './observe-fleet.ts';
import { CONTROL_PLANE_TRACES, NO_CONTROL_PLANE, isControlPlane, observeHost } from './observe-fleet.ts';
import { unseenFact } from './unseen-fact.ts';

/** A person waits for it: what has not answered by then is told as not seen. */
const BUDGET_MS = 7000;

/** What one look saw. */
export interface StatusSnapshot {
  readonly hosts: Readonly<Record<LaneId, Fact<HostFacts>>>;
  readonly cluster: Fact<StatusView>;
}

export interface StatusLook {
  readonly fleet: Fleet;
  /** What to ask of each machine. */
  readonly probes: (lane: LaneId) => readonly ProbeRequest[];
  readonly signal: AbortSignal;
  readonly budgetMs?: number;
}

/**
 * Looks at every machine at once, and at the cluster through the first control plane that answers whole: none is waited for. Ends within its budget, with whatever is down; what
 * had not answered by then is unknown.
 */
export async function observeStatus({ fleet, probes, signal, budgetMs = BUDGET_MS }: StatusLook): Promise<StatusSnapshot> {
  const deadline = AbortSignal.timeout(budgetMs);
  const either = AbortSignal.any([signal, deadline]);
  const late = unknown(`no answer within ${budgetMs / 1000} s`);
  const inTime = <T>(look: Promise<Fact<T>>): Promise<Fact<T>> =>
    look.catch((error: unknown) => {
      if (!deadline.aborted || signal.aborted) throw error;
      return late;
    });
  const arrivals = new ChannelOf<LaneId>();
  const looks = [...fleet].map(async ([lane, host]): Promise<readonly [LaneId, Fact<HostFacts>]> => {
    const fact = await inTime(observeHost(host, [...probes(lane), ...CONTROL_PLANE_TRACES], either));
    if (fact.state === 'known' && isControlPlane(fact.value)) arrivals.push(lane);
    return [lane, fact];
  });
  const hosts = Promise.all(looks);
  hosts.then(
    () => arrivals.end(),
    (error: unknown) => arrivals.fail(error),
  );
  const cluster = await firstWholeAnswer(arrivals, (lane, host) => inTime(readView(lane, host, either)), fleet);
  return { hosts: Object.fromEntries(await hosts), cluster };
}

async function readView(lane: LaneId, host: Host, signal: AbortSignal): Promise<Fact<StatusView>> {
  try {
    return parseStatusView(await host.read(statusScript(), { signal, timeoutMs: BUDGET_MS }), lane);
  } catch (error) {
    return unseenFact(error, signal);
  }
}

/** Asks control planes in the order in which they showed themselves; an answer without etcd's members is taken where there is no better one. */
async function firstWholeAnswer(lanes: AsyncIterable<LaneId>, read: (lane: LaneId, host: Host) => Promise<Fact<StatusView>>, fleet: Fleet): Promise<Fact<StatusView>> {
  const failures: string[] = [];
  let partial: StatusView | undefined;
  for await (const lane of lanes) {
    const host = fleet.get(lane);
    if (host === undefined) continue;
    const fact = await read(lane, host);
    if (fact.state !== 'known') failures.push(fact.why);
    else if (fact.value.etcdMembers.state === 'known') return fact;
    else partial ??= fact.value;
  }
  if (partial !== undefined) return known(partial);
  return unknown(failures.length === 0 ? NO_CONTROL_PLANE : `no control plane answered: ${failures.join('; ')}`);
}
