import { openSshHosts } from '../hosts/open-ssh-hosts.ts';
import type { Cluster } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';
import { sshTargets } from './ssh-targets.ts';

/** The machines of a cluster, reachable until disposed. */
export interface OpenFleet extends AsyncDisposable {
  readonly fleet: Fleet;
}

/** A command that only looks does not wait longer for a machine that is away; one that changes machines has ssh's own patience. */
const LOOK_CONNECT_SECONDS = 5;

export interface FleetAccess {
  readonly signal: AbortSignal;
  readonly onlyLooks?: boolean;
  /** For users other than root whose sudo wants one. */
  readonly sudoPassword?: string | undefined;
}

/** Makes ready to reach every node over SSH; each is dialled when first needed. */
export function openFleet(cluster: Cluster, { signal, onlyLooks, sudoPassword }: FleetAccess): OpenFleet {
  const opened = openSshHosts(sshTargets(cluster), { signal, sudoPassword, connectSeconds: onlyLooks === true ? LOOK_CONNECT_SECONDS : undefined });
  return { fleet: new Map([...opened.hosts].map(([name, host]) => [laneId(name), host])), [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}
