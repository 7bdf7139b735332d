import { API_SERVER_PORT } from '../../model/cluster.ts';
import type { Cluster, Role } from '../../model/cluster.ts';

/** A node as the cluster file has it, in plain values: verification reads all nodes and writes nothing. */
export interface ExpectedNode {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
}

/** What the world is held against: the cluster file, and nothing that a planner made of it. */
export interface ExpectedCluster {
  readonly name: string;
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly nodes: readonly ExpectedNode[];
  readonly metricsServer: boolean;
}

export function expectedOf({ wide, nodes }: Cluster): ExpectedCluster {
  return {
    name: wide.name,
    endpoint: { host: wide.endpoint.host, port: wide.endpoint.port },
    nodes: nodes.map(({ name, role, address }) => ({ name, role, address: address.openFor(name) })),
    metricsServer: wide.metricsServer,
  };
}

export function controlPlanesOf({ nodes }: Pick<ExpectedCluster, 'nodes'>): readonly ExpectedNode[] {
  return nodes.filter(({ role }) => role === 'control-plane');
}

/** URL of the API by a control plane's own address. */
export function ownServer({ address }: Pick<ExpectedNode, 'address'>): string {
  return `https://${address}:${API_SERVER_PORT}`;
}

export function endpointServer({ endpoint }: Pick<ExpectedCluster, 'endpoint'>): string {
  return `https://${endpoint.host}:${endpoint.port}`;
}
