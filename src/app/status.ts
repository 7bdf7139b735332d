import { statusJson } from '../contract/status.ts';
import type { StatusJson } from '../contract/status.ts';
import type { StatusView } from '../facts/observe/status-view.ts';
import { hostOfNode } from '../facts/observed.ts';
import { knownHosts } from '../facts/snapshot.ts';
import type { Cluster } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import { endpointServer, expectedOf } from '../rules/verify/expected-cluster.ts';
import type { ExpectedCluster } from '../rules/verify/expected-cluster.ts';
import { runningScripts } from './collect-runs.ts';
import type { Fleet } from './observe-fleet.ts';
import type { StatusSnapshot } from './observe-status.ts';
import { observeStatus } from './observe-status.ts';
import { journalDirectory, lastRun, unreadWords } from './run-journal.ts';
import { nodeStatuses, statusProbes } from './status-nodes.ts';

export interface StatusRequest {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
}

/** How a cluster is now, as far as it can be seen within ten seconds: one round trip to each machine, one more to a control plane. Changes nothing, judges nothing. */
export async function clusterStatus({ cluster, fleet, signal }: StatusRequest): Promise<StatusJson> {
  const expected = expectedOf(cluster);
  const roles = new Map(cluster.nodes.map(({ name, role }) => [laneId(name), role]));
  const snapshot = await observeStatus({
    fleet,
    probes: (lane) => statusProbes(roles.get(lane) ?? 'worker'),
    signal,
  });
  return statusOf(expected, snapshot, { now: new Date(), ...lastRunOf(journalDirectory(cluster.wide.name)) });
}

/** From what was seen to what is told. */
export function statusOf(expected: ExpectedCluster, snapshot: StatusSnapshot, { now, lastRun, lastRunUnread }: LastRunSeen & { readonly now: Date }): StatusJson {
  const seen = snapshot.cluster.state === 'known' ? snapshot.cluster.value : undefined;
  return statusJson({
    cluster: expected.name,
    time: now.toISOString(),
    kubernetes: seen?.version ?? null,
    via: seen?.via ?? null,
    endpoint: { server: endpointServer(expected), apiServers: apiServersOf(seen, expected) },
    nodes: nodeStatuses(expected, snapshot, now),
    etcd: membersOf(seen),
    lastRun,
    ...(lastRunUnread !== undefined && { lastRunUnread }),
    locks: knownHosts(snapshot).flatMap(([node, { lock }]) =>
      lock?.isHeld === true ? [{ node, owner: lock.owner, runId: lock.runId, since: lock.since, expires: lock.expires }] : [],
    ),
    working: runningScripts(snapshot).map(({ lane, run }) => ({ node: lane, step: run.stepId })),
    unknown: unseenOf(expected, snapshot),
  });
}

/** Node names of those whose addresses the service `kubernetes` has. */
function apiServersOf(seen: StatusView | undefined, { nodes }: ExpectedCluster): readonly string[] {
  return (seen?.apiEndpoints ?? []).map((address) => nodes.find((node) => node.address === address)?.name ?? address).sort();
}

function membersOf(seen: StatusView | undefined): StatusJson['etcd'] {
  if (seen?.etcdMembers.state !== 'known') return [];
  return seen.etcdMembers.value.map(({ id, name, isLeader, isLearner, isHealthy }) => ({ id, name, leader: isLeader, learner: isLearner, healthy: isHealthy }));
}

function unseenOf({ nodes }: ExpectedCluster, snapshot: StatusSnapshot): StatusJson['unknown'] {
  const { cluster } = snapshot;
  const hosts = nodes.flatMap(({ name }) => {
    const fact = hostOfNode(snapshot, name);
    return fact.state === 'known' ? [] : [{ node: name, what: 'the machine', why: fact.why }];
  });
  if (cluster.state !== 'known') return [...hosts, { what: 'nodes and etcd members', why: cluster.why }];
  const { etcdMembers } = cluster.value;
  return etcdMembers.state === 'known' ? hosts : [...hosts, { what: 'etcd members', why: etcdMembers.why }];
}

type LastRunSeen = Pick<StatusJson, 'lastRun' | 'lastRunUnread'>;

/** The last run by the journals in a directory. One that cannot be read ends nothing, and is not taken for none. */
export function lastRunOf(directory: string): LastRunSeen {
  try {
    const found = lastRun(directory);
    if (found === undefined) return { lastRun: null };
    const { startedAt, command = null, finished, unfinished, path } = found;
    return { lastRun: { startedAt, command, result: finished?.result ?? null, stepsRun: finished?.stepsRun ?? null, unfinished, journal: path } };
  } catch (error) {
    return { lastRun: null, lastRunUnread: unreadWords(directory, error) };
  }
}
