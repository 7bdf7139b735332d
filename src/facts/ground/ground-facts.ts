import type { Fact } from '../../plan/fact.ts';

/** A socket on which somebody listens. */
export interface ListenerFact {
  readonly protocol: 'tcp' | 'udp';
  /** As `ss` shows it: `0.0.0.0`, `*`, `[::]`, `127.0.0.1`, ... */
  readonly address: string;
  readonly port: number;
  /** Empty where the kernel itself listens, or who it is was not shown. */
  readonly process: string;
  /** systemd unit of the process; empty where there is none. */
  readonly unit: string;
}

/** A directory in which the tool writes. */
export interface PlaceFact {
  readonly path: string;
  readonly availableBytes: number;
  readonly isWritable: boolean;
}

export interface LinkFact {
  readonly name: string;
  readonly mtu: number;
  readonly mac: string;
}

/** What a machine is before anything of ours is on it: what preflight judges and no planner needs. */
export interface GroundFacts {
  readonly userId: number;
  readonly hasSystemd: boolean;
  /** Programs that install packages: `apt`, `dnf`. */
  readonly packageManagers: readonly string[];
  /** By the machine's own clock. */
  readonly clockMs: number;
  readonly listeners: Fact<readonly ListenerFact[]>;
  /** Networks that the main routing table sends somewhere, without the default route. */
  readonly routes: readonly { readonly range: string; readonly interface: string }[];
  readonly links: readonly LinkFact[];
  readonly places: readonly PlaceFact[];
  /** How long a small write takes that is synced, where etcd keeps its data: mean of the best of a few series. Infinite where none came to its end. */
  readonly syncedWriteMs: Fact<number>;
  /** Of cgroup v2. */
  readonly cgroupControllers: readonly string[];
  /** Kernel features by name of their module: loaded, built in, or there to be loaded. What the kernel does not tell is not in it. */
  readonly kernelFeatures: Readonly<Record<string, boolean>>;
  /** Files in kubeadm's, etcd's and CNI's directories. */
  readonly remains: readonly string[];
  /** Runtimes and kubelets that are not ours, by path. */
  readonly programs: readonly string[];
  /** What drops packets by default: a service, or a chain of the kernel. */
  readonly firewalls: readonly string[];
  readonly isSelinuxEnforcing: boolean;
  /** SELinux lets HAProxy use the ports of the web alone (its boolean haproxy_connect_any is off). */
  readonly isHaproxyConfined: boolean;
  /** Of the file that pods are given. */
  readonly nameservers: readonly string[];
  /** `hosts` of `/etc/nsswitch.conf`, in order. */
  readonly hostsSources: readonly string[];
  /** Lines by which cloud-init rewrites `/etc/hosts`, with their files. */
  readonly cloudInitHosts: readonly string[];
  /** A run of this tool was here. */
  readonly isPrepared: boolean;
}

/** When a machine was asked and when it had answered, by the clock of the machine that asked. */
export interface LookedAt {
  readonly fromMs: number;
  readonly untilMs: number;
}
