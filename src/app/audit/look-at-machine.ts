import { AppError } from '../../errors/app-error.ts';
import { clusterAccess } from '../../facts/audit/cluster-access.ts';
import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import { clusterViewScript } from '../../facts/audit/cluster-view-script.ts';
import { discoverScript } from '../../facts/audit/discover-script.ts';
import { inspectRequest } from '../../facts/audit/inspect-request.ts';
import { inspectScript } from '../../facts/audit/inspect-script.ts';
import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import { parseClusterView } from '../../facts/audit/parse-cluster-view.ts';
import type { Discovered } from '../../facts/audit/parse-discovered.ts';
import { parseDiscovered } from '../../facts/audit/parse-discovered.ts';
import { parseInspected } from '../../facts/audit/parse-inspected.ts';
import type { Host } from '../../hosts/host.ts';
import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { unseenFact } from '../unseen-fact.ts';

const LOOK_TIMEOUT_MS = 20_000;
const CLUSTER_TIMEOUT_MS = 20_000;

/** First round trip: who the machine is and what runs there. */
export function discoverMachine(host: Host, signal: AbortSignal): Promise<Fact<Discovered>> {
  return factOf(host, signal, async () => parseDiscovered(await host.read(discoverScript(), { signal, timeoutMs: LOOK_TIMEOUT_MS })));
}

/** Second round trip: what the processes found in the first one name. */
export async function inspectMachine(host: Host, found: Fact<Discovered>, signal: AbortSignal): Promise<Fact<MachineFacts>> {
  if (found.state !== 'known') return found;
  const request = inspectRequest(found.value);
  return factOf(host, signal, async () => ({ ...found.value, ...parseInspected(await host.read(inspectScript(request), { signal, timeoutMs: LOOK_TIMEOUT_MS }), request) }));
}

/** The cluster through this machine's own API server; undefined where none runs. */
export async function readClusterThrough(host: Host, found: Discovered, signal: AbortSignal): Promise<Fact<ClusterView> | undefined> {
  const access = clusterAccess(found);
  if (access === undefined) return undefined;
  const { name } = host.target;
  const answer = await factOf(host, signal, async () => parseClusterView(await host.read(clusterViewScript(access), { signal, timeoutMs: CLUSTER_TIMEOUT_MS }), name));
  return answer.state === 'known' ? answer.value : answer;
}

/** What a machine answers is its own: an answer that cannot be read is a fact about it, no defect of ours. */
async function factOf<T>(host: Host, signal: AbortSignal, look: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await look());
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof AppError)) return unknown(`${host.target.name} gave an answer that cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return unseenFact(error, signal);
  }
}
