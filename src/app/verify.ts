import { findRelease } from '../catalogue/catalogue.ts';
import type { ReportJson } from '../contract/report.ts';
import { reportJson } from '../contract/report.ts';
import type { InsideFacts } from '../facts/inside/inside-facts.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Cluster } from '../model/cluster.ts';
import { API_SERVER_PORT, roles } from '../model/cluster.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { ExpectedCluster } from '../rules/verify/expected-cluster.ts';
import { controlPlanesOf, expectedOf } from '../rules/verify/expected-cluster.ts';
import { verifyFindings, verifyProbes } from '../rules/verify/verify-rules.ts';
import { count } from '../util/count.ts';
import { LOOK_PATIENCE_MS } from './look-at-fleet.ts';
import { observeFleet } from './observe-fleet.ts';
import type { Fleet } from './observe-fleet.ts';
import { observeInside } from './observe-inside.ts';
import { observeReach } from './observe-reach.ts';
import { withAdvice } from './unseen-fact.ts';

/** How long probe pods may take to run on every node, and figures of every node to be there; shorter where a node is not Ready and will have neither. */
const PATIENCE_SECONDS = 60;
const PATIENCE_SECONDS_UNREADY = 15;

export interface VerifyRequest {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
  /** What is being done, a line each. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Holds the cluster file against the world: every host, the API through a healthy control plane, and the cluster from inside. Nothing that a planner
 * made is read. Throws `locked` while another run holds the control plane that asks, `interrupted`.
 */
export async function verifyCluster({ cluster, fleet, signal, onProgress = () => undefined }: VerifyRequest): Promise<ReportJson> {
  const expected = expectedOf(cluster);
  onProgress(`looking at ${count(fleet.size, 'machine')} and the cluster`);
  const targets = { endpointHost: expected.endpoint.host, apiPort: API_SERVER_PORT, controlPlanes: controlPlanesOf(expected) };
  const probes = roles.flatMap((role) => verifyProbes({ role }));
  const [snapshot, reach] = await Promise.all([observeFleet(fleet, probes, { signal, patienceMs: LOOK_PATIENCE_MS }), observeReach(fleet, targets, signal)]);
  const inside = await observeFromInside({ cluster, fleet, signal, onProgress }, expected, snapshot);
  const { findings, unknown: unseen } = verifyFindings({ expected, snapshot, reach, inside, now: new Date() });
  return reportJson(findings, withAdvice(unseen, snapshot.hosts));
}

/** Through the control plane that answered about the cluster: operators who verify at once mostly use the same, and wait there for one another. */
async function observeFromInside({ cluster, fleet, signal, onProgress }: Required<VerifyRequest>, expected: ExpectedCluster, snapshot: Snapshot): Promise<Fact<InsideFacts>> {
  if (snapshot.cluster.state !== 'known') return snapshot.cluster;
  const { via, nodes } = snapshot.cluster.value;
  const host = fleet.get(via);
  const image = findRelease(cluster.wide.kubernetesVersion)?.images.agnhost;
  if (host === undefined || image === undefined) return unknown(`the catalogue has no probe image for Kubernetes ${cluster.wide.kubernetesVersion}`);
  const allReady = Object.values(nodes).every(({ isReady }) => isReady);
  const patience = allReady ? PATIENCE_SECONDS : PATIENCE_SECONDS_UNREADY;
  const ask = {
    image,
    dnsDomain: cluster.wide.network.dnsDomain,
    nodesWithMetrics: expected.metricsServer ? expected.nodes.length : 0,
    rolloutSeconds: patience,
    metricsSeconds: patience,
  };
  return observeInside(host, ask, signal, onProgress);
}
