import type { VirtualClock } from '../engine/virtual-clock.ts';
import type { ClusterFacts, EtcdMemberFact } from '../facts/cluster-facts.ts';
import { manifestPath } from '../facts/kubernetes-paths.ts';
import type { Cluster } from '../model/cluster.ts';
import { hasQuorum } from '../model/quorum.ts';
import type { Fact } from '../plan/fact.ts';
import { known, unknown } from '../plan/fact.ts';
import type { LaneId } from '../plan/plan.ts';
import { laneId } from '../plan/plan.ts';
import { API_PROXY_UNIT } from '../planning/files/api-proxy.ts';
import type { DeployStep } from '../planning/step-types.ts';
import type { SimCluster, SimMember } from './sim-cluster.ts';
import { SimMachine } from './sim-machine.ts';

/** Something that may be done once only, or that must not be done at a wrong time. */
export interface Deed {
  readonly what: 'init' | 'join' | 'reset' | 'member added' | 'member removed';
  readonly node: string;
}

/** Machines, and the cluster that they hold between them. What is done to it is written down. */
export class SimWorld {
  /** The name of the cluster in the file. */
  readonly name: string;
  readonly clock: VirtualClock;
  readonly machines: ReadonlyMap<LaneId, SimMachine>;
  cluster: SimCluster | undefined;
  /** What was done and succeeded, in order. */
  readonly deeds: Deed[] = [];
  /** What must never happen and did, in words. */
  readonly violations: string[] = [];
  /** The steps that the operator at work may ask for: scripts are told by their step, since nothing here reads shell. */
  steps: ReadonlyMap<string, DeployStep> = new Map();
  /** Told of each moment at which the power might go within a script: its machine, and the number of such moments so far. */
  onMoment: (machine: SimMachine, moments: number) => void = () => undefined;
  #moments = 0;
  #ids = 0;

  constructor(cluster: Cluster, clock: VirtualClock) {
    this.name = cluster.wide.name;
    this.clock = clock;
    this.machines = new Map(cluster.nodes.map(({ name, address }) => [laneId(name), new SimMachine(name, address.openFor(name))]));
  }

  machine(name: string): SimMachine {
    const found = this.machines.get(laneId(name));
    if (found === undefined) throw new Error(`there is no machine ${name}`);
    return found;
  }

  /** A number that nothing else has, as etcd and kubeadm make them up. */
  nextId(): string {
    this.#ids += 1;
    return (0xa0 + this.#ids).toString(16);
  }

  moment(machine: SimMachine): void {
    this.#moments += 1;
    this.onMoment(machine, this.#moments);
  }

  done(what: Deed['what'], node: string): void {
    this.deeds.push({ what, node });
  }

  isAlive(member: SimMember): boolean {
    return [...this.machines.values()].some((machine) => machine.etcdMemberId === member.id && machine.hasKubelet && machine.has(manifestPath('etcd')));
  }

  memberOf(machine: SimMachine): SimMember | undefined {
    return this.cluster?.members.find(({ id }) => id === machine.etcdMemberId);
  }

  /** Whether etcd can write; `without` one of its members, if it went now. */
  hasQuorum(without?: SimMember): boolean {
    const voters = (this.cluster?.members ?? []).filter(({ isLearner, id }) => !isLearner && id !== without?.id);
    return hasQuorum(voters.length, voters.filter((member) => this.isAlive(member)).length);
  }

  /** Whether the API server on this machine is ready: it asks the etcd beside it, which must vote and see a quorum. */
  isServing(machine: SimMachine): boolean {
    const member = this.memberOf(machine);
    return member !== undefined && !member.isLearner && this.isAlive(member) && machine.command('kube-apiserver').length > 0 && this.hasQuorum();
  }

  /** Whether what dials this server from this machine is answered. */
  reaches(machine: SimMachine, server: string): boolean {
    if (server === `https://${machine.address}:6443`) return this.isServing(machine);
    return machine.isRunning(API_PROXY_UNIT) && [...this.machines.values()].some((other) => this.isServing(other));
  }

  /** The cluster as the control plane on this machine shows it. */
  clusterVia(machine: SimMachine): Fact<ClusterFacts> {
    const { cluster } = this;
    if (cluster === undefined || !this.isServing(machine)) return unknown('the connection to the server was refused');
    const nodes = Object.values(cluster.nodes).map((node) => [node.name, { ...node, isReady: this.#isReady(node.name) }] as const);
    const allReady = nodes.length > 0 && nodes.every(([, { isReady }]) => isReady);
    const workloads = Object.entries(cluster.workloads).map(([name, workload]) => [name, { ...workload, desired: 1, ready: allReady ? 1 : 0, isRolledOut: allReady }] as const);
    return known({
      via: laneId(machine.name),
      uid: cluster.uid,
      version: 'v1.36.3',
      nodes: Object.fromEntries(nodes),
      configMaps: cluster.configMaps,
      apiEndpoints: this.#endpoints(),
      etcdMembers: known(cluster.members.map((member, index) => this.#memberFact(member, index))),
      workloads: Object.fromEntries(workloads),
      bootstrapTokens: cluster.tokens.map(({ id, description }) => ({ id, description })),
    });
  }

  /** Each API server that runs tells its own address, whatever it was told that to be. */
  #endpoints(): readonly string[] {
    const serving = [...this.machines.values()].filter((machine) => this.isServing(machine));
    return serving
      .flatMap((machine) => machine.command('kube-apiserver').flatMap((word) => (word.startsWith('--advertise-address=') ? [word.slice('--advertise-address='.length)] : [])))
      .sort();
  }

  #memberFact(member: SimMember, index: number): EtcdMemberFact {
    const { id, name, peerURL, clientURL, isLearner } = member;
    const isHealthy = this.isAlive(member);
    return { id, name, peerURLs: [peerURL], clientURLs: clientURL === '' ? [] : [clientURL], isLearner, isHealthy, isLeader: index === 0 && isHealthy };
  }

  /** A node is Ready with a kubelet that reaches the API, and a network plugin. */
  #isReady(name: string): boolean {
    const machine = this.machines.get(laneId(name));
    const hasNetwork = Object.keys(this.cluster?.workloads ?? {}).some((workload) => workload.includes('flannel'));
    return machine !== undefined && hasNetwork && machine.hasKubelet && machine.hasRegistered;
  }
}
