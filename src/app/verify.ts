import { findRelease } from '../catalogue/catalogue.ts';
import { AppError } from '../errors/app-error.ts';
import type { ReportJson } from '../contract/report.ts';
import { reportJson } from '../contract/report.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { InsidePatience } from '../facts/inside/await-probes.ts';
import type { InsideFacts } from '../facts/inside/inside-facts.ts';
import type { Cluster } from '../model/cluster.ts';
import { API_SERVER_PORT, roles } from '../model/cluster.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { laneId } from '../plan/plan.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { ExpectedCluster } from '../rules/verify/expected-cluster.ts';
import { controlPlanesOf, expectedOf } from '../rules/verify/expected-cluster.ts';
import { verifyFindings, verifyProbes } from '../rules/verify/verify-rules.ts';
import { ChannelOf } from '../util/channel.ts';
import { count } from '../util/count.ts';
import { readinessOf } from './api-readiness.ts';
import { LOOK_PATIENCE_MS, runsApiServer } from './look-at-fleet.ts';
import { observeFleet } from './observe-fleet.ts';
import type { Fleet } from './observe-fleet.ts';
import { observeInside } from './observe-inside.ts';
import { observeReach } from './observe-reach.ts';
import { withAdvice } from './unseen-fact.ts';

/** For an image that a node has, and two scrapes of metrics-server; shorter where a node is not Ready and will have neither. */
const PATIENCE: InsidePatience = { seconds: 60, secondsUnready: 15 };

export interface VerifyRequest {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
  /** What is being done, a line each. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Holds the cluster file against the world: every host, the API through a healthy control plane, and the cluster from inside. Nothing that a planner
 * made is read. Throws `cluster-unreachable` where no machine that answers is in a cluster, `locked` while another run holds the control plane that asks, `interrupted`.
 */
export async function verifyCluster({ cluster, fleet, signal, onProgress = () => undefined }: VerifyRequest): Promise<ReportJson> {
  const expected = expectedOf(cluster);
  onProgress(`looking at ${count(fleet.size, 'machine')} and the cluster`);
  const targets = { endpointHost: expected.endpoint.host, apiPort: API_SERVER_PORT, controlPlanes: controlPlanesOf(expected) };
  const probes = roles.flatMap((role) => verifyProbes({ role }));
  const apiServers = new ChannelOf<LaneId>();
  const onHost = (lane: LaneId, fact: Fact<HostFacts>): void => {
    if (fact.state === 'known' && runsApiServer(fact.value)) apiServers.push(lane);
  };
  const [snapshot, reach, inside] = await Promise.all([
    observeFleet(fleet, probes, { signal, patienceMs: LOOK_PATIENCE_MS, onHost }).finally(() => apiServers.end()),
    observeReach(fleet, targets, signal),
    observeFromInside({ cluster, fleet, signal, onProgress }, expected, apiServers),
  ]);
  const seen = nodesSeen(expected, snapshot.hosts);
  if (seen !== undefined && !seen.some(holdsMember)) throw noCluster(seen.length);
  const { findings, unknown: unseen } = verifyFindings({ expected, snapshot, reach, inside, now: new Date() });
  return reportJson(findings, withAdvice(unseen, snapshot.hosts));
}

/** All machines that answered, where every control plane did: of one that did not nobody can say that it holds no cluster. */
function nodesSeen(expected: ExpectedCluster, hosts: Snapshot['hosts']): readonly HostFacts[] | undefined {
  const factOf = (name: string): Fact<HostFacts> | undefined => hosts[laneId(name)];
  if (expected.nodes.some(({ name, role }) => role === 'control-plane' && factOf(name)?.state !== 'known')) return undefined;
  return expected.nodes.flatMap(({ name }) => {
    const fact = factOf(name);
    return fact?.state === 'known' ? [fact.value] : [];
  });
}

const COMPONENTS = new Set(['kubelet', 'kube-apiserver', 'etcd']);

/** A machine that never joined, or was reset, runs no component, and has no data of an etcd member. */
function holdsMember({ hasEtcdData, processes }: HostFacts): boolean {
  return hasEtcdData || processes.some(({ name }) => COMPONENTS.has(name));
}

function noCluster(reached: number): AppError {
  return new AppError('cluster-unreachable', `there is no cluster to verify: of ${count(reached, 'machine')} that answered none runs a kubelet or has data of etcd`, {
    hint: 'make the cluster with kubewright apply; if it was there, look at the machines: systemctl status kubelet',
  });
}

/** Through the first of these control planes whose API server is ready: it is asked while machines that are away are waited for. */
async function observeFromInside(
  { cluster, fleet, signal, onProgress }: Required<VerifyRequest>,
  { nodes, metricsServer }: ExpectedCluster,
  apiServers: AsyncIterable<LaneId>,
): Promise<Fact<InsideFacts>> {
  const image = findRelease(cluster.wide.kubernetesVersion)?.images.agnhost;
  if (image === undefined) return unknown(`the catalogue has no probe image for Kubernetes ${cluster.wide.kubernetesVersion}`);
  const ask = { image, dnsDomain: cluster.wide.network.dnsDomain, nodesWithMetrics: metricsServer ? nodes.length : 0, patience: PATIENCE };
  for await (const lane of apiServers) {
    const host = fleet.get(lane);
    if (host !== undefined && (await readinessOf(host, undefined, signal)) === 'ready') return observeInside(host, ask, signal, onProgress);
  }
  return unknown('no API server that was reached is ready');
}
