import type { Verdict } from '../engine/ports.ts';
import { laneId } from '../plan/plan.ts';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import { hasQuorum, majority } from '../model/quorum.ts';
import type { Gate } from '../planning/step-types.ts';
import type { ExpectedCluster } from '../rules/verify/expected-cluster.ts';
import { identityFindings, identityProbes } from '../rules/verify/verify-rules.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { readinessOf } from './api-readiness.ts';
import { joinableVerdict } from './joinable-verdict.ts';
import { observeHost } from './observe-fleet.ts';
import type { Fleet } from './observe-fleet.ts';

const closed = (why: string, details: readonly string[] = []): Verdict => ({ open: false, why, details, mayOpen: true });

export interface GateWorld {
  readonly fleet: Fleet;
  /** What nodes must be, where it is known. */
  readonly expected: ExpectedCluster | undefined;
  readonly reader: ClusterReader;
}

/** One look at fresh facts. */
export function judgeGate(gate: Gate, world: GateWorld, signal: AbortSignal): Promise<Verdict> {
  switch (gate.gate) {
    case 'identity':
      return judgeIdentity(gate.node, world, signal);
    case 'etcd-joinable':
      return judgeEtcd(world, signal);
    case 'etcd-removable':
      return judgeRemoval(gate, world, signal);
    case 'api-served-without':
      return judgeServedWithout(gate, world, signal);
  }
}

/** A machine that is away serves nobody and is no reason to leave a cluster as it is; one that is there and not ready is waited for. */
async function judgeServedWithout({ node, others }: Extract<Gate, { gate: 'api-served-without' }>, { fleet }: GateWorld, signal: AbortSignal): Promise<Verdict> {
  const answers = await Promise.all(others.map(async (other) => ({ ...other, state: await readinessOf(fleet.get(laneId(other.node)), other.server, signal) })));
  const waiting = answers.filter(({ state }) => state === 'not ready').map((other) => `the API server of ${other.node} (${other.server}) is not ready`);
  if (waiting.length > 0) return closed(`without ${node} too few would serve: ${waiting.join(', ')}`, waiting);
  return answers.some(({ state }) => state === 'ready')
    ? { open: true }
    : closed(`without ${node} nobody would serve the API: none of ${others.map((other) => other.node).join(', ')} was reached`);
}

/** The others must be able to write when it is gone, with those that are down now: projected in the worst case before anything is removed. */
async function judgeRemoval({ node, peerURL }: Extract<Gate, { gate: 'etcd-removable' }>, { reader }: GateWorld, signal: AbortSignal): Promise<Verdict> {
  const cluster = await reader.read(signal);
  if (cluster.state !== 'known') return closed(cluster.why);
  const { etcdMembers } = cluster.value;
  if (etcdMembers.state !== 'known') return closed(`etcd: ${etcdMembers.why}`);
  const isOwn = (member: EtcdMemberFact): boolean => member.name === node || member.peerURLs.includes(peerURL);
  if (!etcdMembers.value.some(isOwn)) return { open: true };
  const others = etcdMembers.value.filter((member) => !isOwn(member) && !member.isLearner);
  const healthy = others.filter(({ isHealthy }) => isHealthy);
  if (hasQuorum(others.length, healthy.length)) return { open: true };
  const down = others.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);
  return closed(
    `without ${node} ${healthy.length} of ${others.length} etcd members would be healthy, and ${majority(others.length)} are needed: ${down.join(', ')} must be healthy first`,
  );
}

/** etcd takes one learner at a time, and a new member while another is down may cost the quorum (etcd documentation, runtime reconfiguration). */
async function judgeEtcd({ reader, expected }: GateWorld, signal: AbortSignal): Promise<Verdict> {
  const seen = await reader.read(signal);
  if (seen.state !== 'known') return closed(seen.why);
  const { etcdMembers } = seen.value;
  if (etcdMembers.state !== 'known') return closed(`etcd: ${etcdMembers.why}`);
  return joinableVerdict(etcdMembers.value, expected?.nodes ?? []);
}

async function judgeIdentity(node: string, { fleet, expected, reader }: GateWorld, signal: AbortSignal): Promise<Verdict> {
  const host = fleet.get(laneId(node));
  const target = expected?.nodes.find(({ name }) => name === node);
  if (host === undefined || expected === undefined || target === undefined) return closed(`${node} is not in the fleet`);
  const [facts, seen] = await Promise.all([observeHost(host, identityProbes(target), signal), reader.read(signal)]);
  const { findings, unknown } = identityFindings(node, { expected, snapshot: { hosts: { [laneId(node)]: facts }, cluster: seen } });
  if (findings.length + unknown.length === 0) return { open: true };
  const details = [
    ...findings.flatMap(({ title, evidence, fix }) => [title, ...evidence.map((line) => `  ${line}`), `  fix: ${fix}`]),
    ...unknown.map(({ what, why }) => `${what} could not be seen: ${why}`),
  ];
  return closed(`${node} does not carry its own identity everywhere: ${[...findings.map(({ title }) => title), ...unknown.map(({ what }) => what)].join('; ')}`, details);
}
