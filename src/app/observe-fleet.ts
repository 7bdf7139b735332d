import { clusterScript } from '../facts/observe/cluster-script.ts';
import { hostScript } from '../facts/observe/host-script.ts';
import { parseCluster } from '../facts/observe/parse-cluster.ts';
import { parseHost } from '../facts/observe/parse-host.ts';
import { ADMIN_CONF, manifestPath } from '../facts/kubernetes-paths.ts';
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
import { compareStrings } from '../util/canonical-json.ts';
import { unseenFact } from './unseen-fact.ts';

const HOST_TIMEOUT_MS = 30_000;
const CLUSTER_TIMEOUT_MS = 30_000;

export const NO_CONTROL_PLANE = 'no machine that was reached is a control plane';

/** Machines by lane, as one command uses them. */
export type Fleet = ReadonlyMap<LaneId, Host>;

/** Files by which a control plane that may answer is known: both are asked for in every observation. */
export const CONTROL_PLANE_TRACES: readonly ProbeRequest[] = [
  { probe: 'file', path: ADMIN_CONF, text: false },
  { probe: 'file', path: manifestPath('kube-apiserver'), text: false },
];

/** One look at every host, each in one round trip, and one more at the cluster through a control plane that answers. */
export async function observeFleet(fleet: Fleet, requests: readonly ProbeRequest[], signal: AbortSignal): Promise<Snapshot> {
  // Once for all: a plan of many machines asks the same of each many times over.
  const look = lookFor([...requests, ...CONTROL_PLANE_TRACES]);
  const facts = await Promise.all([...fleet].map(async ([lane, host]) => [lane, await readHost(host, look, signal)] as const));
  const hosts = Object.fromEntries(facts);
  return { hosts, cluster: await observeCluster(fleet, hosts, signal) };
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

/** Those whose API server runs are asked first: none is special. */
async function observeCluster(fleet: Fleet, hosts: Snapshot['hosts'], signal: AbortSignal): Promise<Fact<ClusterFacts>> {
  const candidates = controlPlanes(hosts);
  return candidates.length === 0 ? unknown(NO_CONTROL_PLANE) : askForCluster(candidates, fleet, signal);
}

/** Asks control planes one after another until one answers whole; an answer without the members of etcd is taken where none has them. */
export async function askForCluster(lanes: readonly LaneId[], fleet: Fleet, signal: AbortSignal): Promise<Fact<ClusterFacts>> {
  const failures: string[] = [];
  let partial: Fact<ClusterFacts> | undefined;
  for (const lane of lanes) {
    const host = fleet.get(lane);
    const fact = host === undefined ? unknown(`${lane} is not in the fleet`) : await readCluster(lane, host, signal);
    if (fact.state !== 'known') failures.push(fact.why);
    else if (fact.value.etcdMembers.state === 'known') return fact;
    else partial ??= fact;
  }
  return partial ?? unknown(`no control plane answered: ${failures.join('; ')}`);
}

/** One control plane asked for the cluster; unknown with why where it does not answer. */
export async function readCluster(lane: LaneId, host: Host, signal: AbortSignal): Promise<Fact<ClusterFacts>> {
  try {
    return parseCluster(await host.read(clusterScript(), { signal, timeoutMs: CLUSTER_TIMEOUT_MS }), lane);
  } catch (error) {
    return unseenFact(error, signal);
  }
}

function controlPlanes(hosts: Snapshot['hosts']): readonly LaneId[] {
  return (Object.entries(hosts) as [LaneId, Fact<HostFacts>][])
    .flatMap(([lane, fact]) => (fact.state === 'known' && isControlPlane(fact.value) ? [{ lane, runs: fact.value.processes.some(({ name }) => name === 'kube-apiserver') }] : []))
    .sort((a, b) => Number(b.runs) - Number(a.runs) || compareStrings(a.lane, b.lane))
    .map(({ lane }) => lane);
}

/** Whether the machine has what an API server is asked with; it was asked for `CONTROL_PLANE_TRACES`. */
export function isControlPlane({ files }: HostFacts): boolean {
  return files[ADMIN_CONF]?.type === 'file' && files[manifestPath('kube-apiserver')]?.type === 'file';
}
