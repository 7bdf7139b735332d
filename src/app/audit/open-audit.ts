import type { HostTarget } from '../../hosts/host.ts';
import type { OpenSshOptions } from '../../hosts/open-ssh-hosts.ts';
import { openSshHosts } from '../../hosts/open-ssh-hosts.ts';
import { SudoTrials } from '../../hosts/sudo-trials.ts';
import type { Cluster } from '../../model/cluster.ts';
import { sshTargets } from '../ssh-targets.ts';
import type { AuditReach } from './observe-for-audit.ts';

/** One machine as a person names it. */
export interface AuditHost {
  readonly user: string;
  readonly address: string;
}

/** How to log in, where the user's own ssh configuration does not say it. */
export interface AuditAccess {
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
  /** For users other than root whose sudo wants one. */
  readonly sudoPassword?: string | undefined;
}

/** Machines to look at, reachable until disposed; those that the cluster names are opened as they are found. */
export interface OpenAudit extends AsyncDisposable {
  readonly reach: AuditReach;
}

/** Some machines of a cluster, and through them all: those found later are reached with the first one's user. */
export function openAuditHosts(hosts: readonly AuditHost[], { sudoPassword, ...access }: AuditAccess, signal: AbortSignal): OpenAudit {
  const targets = hosts.map(({ user, address }) => ({ ...access, name: address, address, user }));
  return openAudit(targets, { ...access, user: hosts[0]?.user ?? 'root' }, { signal, sudoPassword });
}

/** All machines of a cluster file, and those that the cluster has beyond it. */
export function openAuditCluster(cluster: Cluster, { sudoPassword }: Pick<AuditAccess, 'sudoPassword'>, signal: AbortSignal): OpenAudit {
  return openAudit(sshTargets(cluster), cluster.ssh, { signal, sudoPassword });
}

function openAudit(targets: readonly HostTarget[], further: Omit<HostTarget, 'name' | 'address'>, options: OpenSshOptions): OpenAudit {
  const opened: AsyncDisposable[] = [];
  const sudoTrials = new SudoTrials();
  const open = (some: readonly HostTarget[]) => {
    const hosts = openSshHosts(some, { ...options, sudoTrials });
    opened.push(hosts);
    return [...hosts.hosts.values()];
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((each) => each[Symbol.asyncDispose]()));
  };
  const more = (addresses: readonly string[]) => (addresses.length === 0 ? [] : open(addresses.map((address) => ({ ...further, name: address, address }))));
  return { reach: { given: open(targets), more }, [Symbol.asyncDispose]: close };
}
