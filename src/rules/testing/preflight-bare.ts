import { bareHost } from '../../facts/bare-host.ts';
import type { GroundFacts } from '../../facts/ground/ground-facts.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import type { NetworkFacts, PortTry } from '../../facts/network/network-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import { groundWith } from '../../facts/testing/recorded-ground.ts';
import { known, unknown } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import type { PreflightInput } from '../preflight/preflight-input.ts';
import { preflightProbes } from '../preflight/preflight-rules.ts';
import type { ExpectedNode } from '../verify/expected-cluster.ts';

const GIBIBYTE = 2 ** 30;
const ASKED_MS = 1_795_613_769_000;
const ANSWERED_MS = ASKED_MS + 900;

export const preflightNodes: readonly ExpectedNode[] = [
  { name: 'cp-1', role: 'control-plane', address: '10.0.0.11' },
  { name: 'cp-2', role: 'control-plane', address: '10.0.0.12' },
  { name: 'cp-3', role: 'control-plane', address: '10.0.0.13' },
  { name: 'w-1', role: 'worker', address: '10.0.0.21' },
];

/** A machine of its own on which nothing is installed, and which has all that it needs. */
export function readyHost({ name, address }: ExpectedNode, ground: GroundFacts = groundWith()): HostFacts {
  const bare = bareHost(name, preflightProbes);
  const links = ground.links.map((link) => ({ ...link, mac: `52:54:00:00:00:${address.split('.').at(-1) ?? ''}` }));
  return {
    ...bare,
    identity: { hostname: name, machineId: `id of ${name}`, productUuid: known(`uuid of ${name}`), macs: [], sshHostKeys: [`ssh-ed25519 key-of-${name}`] },
    platform: { ...bare.platform, memoryBytes: 4 * GIBIBYTE },
    addresses: [{ interface: 'eth0', address, prefixLength: 24 }],
    ground: { ...ground, links },
    lookedAt: { fromMs: ASKED_MS, untilMs: ANSWERED_MS },
  };
}

const OPEN: readonly Omit<PortTry, 'to'>[] = [
  { protocol: 'tcp', port: 6443, outcome: 'open' },
  { protocol: 'udp', port: 8472, outcome: 'open' },
];

function networkOf(name: string): NetworkFacts {
  const others = preflightNodes.filter((node) => node.name !== name);
  return { ports: others.flatMap(({ name: to }) => OPEN.map((each) => ({ ...each, to }))), sizes: others.map(({ name: to }) => ({ to, sizeBytes: 1500, arrived: true })) };
}

/** Four machines that are ready for a cluster. */
export const readyInput: PreflightInput = {
  wide: {
    metricsServer: true,
    endpoint: { host: 'api.demo.kubewright.internal', port: 7443 },
    network: { plugin: 'flannel', podCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/16' },
  },
  nodes: preflightNodes,
  architecture: 'amd64',
  packages: { from: 'mirror' },
  snapshot: {
    hosts: Object.fromEntries(preflightNodes.map((node) => [laneId(node.name), known(readyHost(node))])),
    cluster: unknown('no machine that was reached is a control plane'),
  },
  network: Object.fromEntries(preflightNodes.map(({ name }) => [name, known(networkOf(name))])),
};

/** The same with what is known of one machine replaced. */
export function withFact(name: string, fact: Observed<HostFacts>): PreflightInput {
  return { ...readyInput, snapshot: { ...readyInput.snapshot, hosts: { ...readyInput.snapshot.hosts, [laneId(name)]: fact } } };
}

/** The same with one machine's facts changed. */
export function withMachine(name: string, change: (host: HostFacts) => Partial<HostFacts>): PreflightInput {
  const node = preflightNodes.find((each) => each.name === name) as ExpectedNode;
  const host = readyHost(node);
  return withFact(name, known({ ...host, ...change(host) }));
}

/** The same with lines of one machine's recording changed. */
export function withGround(name: string, ...changes: readonly (readonly [from: string, to: string])[]): PreflightInput {
  const node = preflightNodes.find((each) => each.name === name) as ExpectedNode;
  return withFact(name, known(readyHost(node, groundWith(...changes))));
}

/** The same with what one machine reached changed. */
export function withNetwork(name: string, change: (facts: NetworkFacts) => Partial<NetworkFacts>): PreflightInput {
  const facts = networkOf(name);
  return { ...readyInput, network: { ...readyInput.network, [name]: known({ ...facts, ...change(facts) }) } };
}
