import { API_SERVER_PORT } from './cluster.ts';
import type { ClusterWide, Role } from './cluster.ts';

export interface NodePort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Who listens there. */
  readonly owner: string;
  /** Nodes that have it. */
  readonly on: Role | 'all';
  /** Nodes that must reach it; `itself`: it is bound to the loopback address. */
  readonly from: Role | 'all' | 'itself';
}

/** What decides which ports there are, in plain values. */
export interface PortSettings {
  readonly endpoint: { readonly port: number };
  readonly network: Pick<ClusterWide['network'], 'plugin'>;
  readonly metricsServer: boolean;
}

/** Port of vxlan on Linux, which flannel takes. */
const VXLAN_PORT = 8472;

const PORTS: readonly NodePort[] = [
  { port: API_SERVER_PORT, protocol: 'tcp', owner: 'kube-apiserver', on: 'control-plane', from: 'all' },
  { port: 2379, protocol: 'tcp', owner: 'etcd, for its clients', on: 'control-plane', from: 'control-plane' },
  { port: 2380, protocol: 'tcp', owner: 'etcd, for its members', on: 'control-plane', from: 'control-plane' },
  { port: 2381, protocol: 'tcp', owner: 'etcd, for its figures', on: 'control-plane', from: 'itself' },
  { port: 10257, protocol: 'tcp', owner: 'kube-controller-manager', on: 'control-plane', from: 'itself' },
  { port: 10259, protocol: 'tcp', owner: 'kube-scheduler', on: 'control-plane', from: 'itself' },
  { port: 10248, protocol: 'tcp', owner: "the kubelet's health", on: 'all', from: 'itself' },
  { port: 10249, protocol: 'tcp', owner: "kube-proxy's figures", on: 'all', from: 'itself' },
  { port: 10256, protocol: 'tcp', owner: "kube-proxy's health", on: 'all', from: 'itself' },
];

/** Every port that a node of this role listens on. */
export function portsOf(role: Role, { endpoint, network, metricsServer }: PortSettings): readonly NodePort[] {
  const proxy: NodePort = { port: endpoint.port, protocol: 'tcp', owner: "the API endpoint's proxy", on: 'all', from: 'itself' };
  const vxlan: NodePort = { port: VXLAN_PORT, protocol: 'udp', owner: 'vxlan of flannel', on: 'all', from: 'all' };
  // Pods of metrics-server ask it too, and they run anywhere.
  const kubelet: NodePort = { port: 10250, protocol: 'tcp', owner: 'the kubelet', on: 'all', from: metricsServer ? 'all' : 'control-plane' };
  return [...PORTS, kubelet, proxy, ...(network.plugin === 'flannel' ? [vxlan] : [])].filter(({ on }) => on === 'all' || on === role);
}

/** Ports of a node of role `on` that one of role `from` must reach. */
export function portsBetween(from: Role, on: Role, wide: PortSettings): readonly NodePort[] {
  return portsOf(on, wide).filter((each) => each.from === 'all' || each.from === from);
}
