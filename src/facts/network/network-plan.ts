import type { Role } from '../../model/cluster.ts';
import { portsBetween } from '../../model/node-ports.ts';
import type { NodePort, PortSettings } from '../../model/node-ports.ts';
import { compareStrings } from '../../util/canonical-json.ts';

export interface NetworkNode {
  readonly name: string;
  readonly role: Role;
  readonly address: string;
  /** A deployment has yet to begin there. */
  readonly isFresh: boolean;
}

/** One try that a machine shall make. */
export interface DialTarget {
  readonly to: string;
  readonly address: string;
  readonly protocol: NodePort['protocol'];
  readonly port: number;
}

/** Of workers, each node tries that many: all pairs of a thousand would be a million. */
const MOST_WORKERS = 16;

/** Whom a node tries: all control planes and the next workers by name; pairs of which neither is new are left alone, they work already. */
export function dialTargets(from: NetworkNode, nodes: readonly NetworkNode[], wide: PortSettings): readonly DialTarget[] {
  const others = nodes.filter(({ name }) => name !== from.name).sort((a, b) => compareStrings(a.name, b.name));
  const after = others.findIndex(({ name }) => compareStrings(name, from.name) > 0);
  const ring = after < 0 ? others : [...others.slice(after), ...others.slice(0, after)];
  const pairs = ring.filter((other) => from.isFresh || other.isFresh);
  const peers = [...pairs.filter(({ role }) => role === 'control-plane'), ...pairs.filter(({ role }) => role === 'worker').slice(0, MOST_WORKERS)];
  return peers.flatMap((peer) => portsBetween(from.role, peer.role, wide).map(({ protocol, port }) => ({ to: peer.name, address: peer.address, protocol, port })));
}

/** Ports on which a node shall listen so that others can try them. */
export function listenPorts({ role }: Pick<NetworkNode, 'role'>, wide: PortSettings): readonly NodePort[] {
  return portsBetween('control-plane', role, wide);
}
