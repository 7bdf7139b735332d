import type { AuditSnapshot, AuditedMachine } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import { addressesOfMachine, leadsOf, nameOfMachine, undialledAddresses } from '../../facts/audit/machines-of-cluster.ts';
import type { Discovered } from '../../facts/audit/parse-discovered.ts';
import type { MachineFacts } from '../../facts/audit/machine-facts.ts';
import type { Host } from '../../hosts/host.ts';
import { unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import type { LaneId } from '../../plan/plan.ts';
import type { Fleet } from '../observe-fleet.ts';
import { discoverMachine, inspectMachine, readClusterThrough } from './look-at-machine.ts';

/** Machines that an audit can reach: those it was given, and further ones by address. */
export interface AuditReach {
  readonly given: readonly Host[];
  /** Makes hosts for addresses that the cluster names; empty where only the given machines shall be looked at. */
  readonly more: (addresses: readonly string[]) => readonly Host[];
}

interface Looked {
  readonly host: Host;
  readonly found: Fact<Discovered>;
  readonly facts: Fact<MachineFacts>;
}

/** What an audit saw, and by which way each machine was reached. */
export interface AuditLook {
  readonly snapshot: AuditSnapshot;
  /** By the names of `snapshot.machines`. */
  readonly fleet: Fleet;
}

/** Looks at the given machines, through one of them at the cluster, and at all further machines that the cluster names: two round trips each. */
export async function lookForAudit({ given, more }: AuditReach, signal: AbortSignal): Promise<AuditLook> {
  const first = await lookAt(given, signal);
  let machines = await first.machines;
  let cluster = await first.cluster;
  if (cluster.state !== 'known') {
    // None of them is a control plane that answers: they may know where one is.
    const further = await lookAt(more(leadsOf(machines.map(({ facts }) => facts))), signal);
    machines = [...machines, ...(await further.machines)];
    const second = await further.cluster;
    if (second.state === 'known' || further.count > 0) cluster = second;
  }
  const seen = machines.flatMap(({ found }) => (found.state === 'known' ? addressesOfMachine(found.value) : []));
  const dialled = machines.map(({ host }) => host.target.address);
  const rest = cluster.state === 'known' ? more(undialledAddresses(cluster.value, [...seen, ...dialled])) : [];
  const others = await (await lookAt(rest, signal, cluster)).machines;
  return named([...machines, ...others], cluster);
}

interface Looking {
  readonly count: number;
  readonly machines: Promise<readonly Looked[]>;
  readonly cluster: Promise<Fact<ClusterView>>;
}

/** Machines are inspected while the cluster is read through the first that can. */
async function lookAt(hosts: readonly Host[], signal: AbortSignal, seen?: Fact<ClusterView>): Promise<Looking> {
  const found = await Promise.all(hosts.map(async (host) => ({ host, found: await discoverMachine(host, signal) })));
  const machines = Promise.all(found.map(async (entry) => ({ ...entry, facts: await inspectMachine(entry.host, entry.found, signal) })));
  return { count: hosts.length, machines, cluster: seen === undefined ? readCluster(found, signal) : Promise.resolve(seen) };
}

/** One after another, until one answers: none is special. */
async function readCluster(found: readonly Omit<Looked, 'facts'>[], signal: AbortSignal): Promise<Fact<ClusterView>> {
  const failures: string[] = [];
  for (const { host, found: fact } of found) {
    const answer = fact.state === 'known' ? await readClusterThrough(host, fact.value, signal) : undefined;
    if (answer?.state === 'known') return answer;
    if (answer !== undefined) failures.push(answer.why);
  }
  return unknown(failures.length === 0 ? 'on no machine that was reached an API server runs' : `no API server answered: ${failures.join('; ')}`);
}

/** Machines by the names of their nodes; two ways to one machine are one. */
function named(looked: readonly Looked[], cluster: Fact<ClusterView>): AuditLook {
  const machines = new Map<string, AuditedMachine>();
  const fleet = new Map<LaneId, Host>();
  for (const { host, facts } of looked) {
    const name = nameOfMachine(facts, host.target, cluster);
    if (machines.get(name)?.facts.state === 'known') continue;
    machines.set(name, { name, address: host.target.address, facts });
    fleet.set(laneId(name), host);
  }
  return { snapshot: { machines: [...machines.values()], cluster }, fleet };
}
