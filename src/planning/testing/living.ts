import type { ClusterFacts } from '../../facts/cluster-facts.ts';
import type { FileFact, HostFacts } from '../../facts/host-facts.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { hostOf } from '../../facts/snapshot.ts';
import type { Cluster } from '../../model/cluster.ts';
import { known } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import { planDeploy } from '../plan-deploy.ts';
import { bareMachines, inputFor } from './deploy-input.ts';
import { foldPlan, settle } from './fold-plan.ts';

/** The cluster as it is observed after a first, successful run. */
export function livingSnapshot(cluster: Cluster): Snapshot {
  const bare = bareMachines(cluster);
  return settle(foldPlan(planDeploy(inputFor(cluster, bare)).plan, bare));
}

export const someFile: FileFact = { type: 'file', sha256: 'f00d', sizeBytes: 1, mode: '600', owner: 'root:root' };

/** A host with some facts changed. */
export function withHost(snapshot: Snapshot, name: string, change: (facts: HostFacts) => Partial<HostFacts>): Snapshot {
  const fact = hostOf(snapshot, laneId(name));
  if (fact.state !== 'known') throw new Error(`${name} is not known`);
  return { ...snapshot, hosts: { ...snapshot.hosts, [name]: known({ ...fact.value, ...change(fact.value) }) } };
}

export function withFiles(snapshot: Snapshot, name: string, files: Readonly<Record<string, FileFact>>): Snapshot {
  return withHost(snapshot, name, (facts) => ({ files: { ...facts.files, ...files } }));
}

export function withCluster(snapshot: Snapshot, change: (cluster: ClusterFacts) => Partial<ClusterFacts>): Snapshot {
  if (snapshot.cluster.state !== 'known') throw new Error('the cluster is not known');
  return { ...snapshot, cluster: known({ ...snapshot.cluster.value, ...change(snapshot.cluster.value) }) };
}

/** A machine on which nothing is installed, and which the cluster has never heard of. */
export function neverJoined(snapshot: Snapshot, cluster: Cluster, name: string): Snapshot {
  const without = withCluster(snapshot, ({ nodes, etcdMembers }) => ({
    nodes: Object.fromEntries(Object.entries(nodes).filter(([node]) => node !== name)),
    etcdMembers: etcdMembers.state === 'known' ? known(etcdMembers.value.filter((member) => member.name !== name)) : etcdMembers,
  }));
  return { ...without, hosts: { ...without.hosts, [name]: hostOf(bareMachines(cluster), laneId(name)) } };
}

/** The cluster after somebody has removed a node with everything that was its own; the machine is gone too. */
export function departed(snapshot: Snapshot, cluster: Cluster, name: string): Snapshot {
  const { hosts, ...rest } = neverJoined(snapshot, cluster, name);
  return { ...rest, hosts: Object.fromEntries(Object.entries(hosts).filter(([lane]) => lane !== name)) };
}

export function unreachable(snapshot: Snapshot, name: string): Snapshot {
  return { ...snapshot, hosts: { ...snapshot.hosts, [name]: { state: 'unreachable', why: `${name}: no route to host` } } };
}
