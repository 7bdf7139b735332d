import type { Fact } from '../plan/fact.ts';
import type { LedgerFacts } from './ledger/ledger-facts.ts';
import type { GroundFacts, LookedAt } from './ground/ground-facts.ts';

/** A file as one observation saw it. `later`: a step will write it, its bytes are known after that step. */
export type FileFact =
  | { readonly type: 'absent' }
  | { readonly type: 'file'; readonly sha256: string; readonly sizeBytes: number; readonly mode: string; readonly owner: string; readonly text?: string }
  | { readonly type: 'link'; readonly target: string; readonly targetSizeBytes: number | undefined }
  | { readonly type: 'directory'; readonly mode: string; readonly owner: string }
  | { readonly type: 'later'; readonly after: string };

export interface UnitFact {
  /** systemd's own words: `loaded`, `not-found`; `active`, `inactive`, `failed`; `enabled`, `disabled`, ... */
  readonly load: string;
  readonly active: string;
  readonly enabled: string;
  readonly mainPid: number;
  /** Digest lines of the unit's inputs as they were when its process started (written by `record-inputs`). */
  readonly startedWith?: string;
}

export interface ProcessFact {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks since boot, as `/proc/PID/stat` has it: tells a restarted process from one that went on. */
  readonly startTicks: number;
  readonly args: readonly string[];
}

export interface AddressFact {
  readonly interface: string;
  readonly address: string;
  readonly prefixLength: number;
}

export interface CertificateFact {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** RFC 3339, UTC. */
  readonly notAfter: string;
  readonly fingerprint: string;
}

/** What a kubeconfig says but its keys. */
export interface KubeconfigFact {
  readonly server: string;
  readonly clientCertificate?: CertificateFact;
}

export interface RunFact {
  readonly runId: string;
  readonly stepId: string;
  readonly token: number;
  readonly state: 'running' | 'ended' | 'lost';
  readonly exitCode?: number;
}

/** A host's lock: who has it, or had it last. Numbers only rise. */
export interface LockFact {
  readonly token: number;
  readonly runId: string;
  /** `user@machine pid N`. */
  readonly owner: string;
  readonly since: string;
  readonly expires: string;
  /** Neither given back nor expired, by the host's own clock. */
  readonly isHeld: boolean;
}

export interface PlatformFacts {
  readonly osId: string;
  readonly osLike: readonly string[];
  readonly osVersion: string;
  readonly osName: string;
  readonly kernel: string;
  readonly architecture: string;
  /** `none` on a machine of its own; else what `systemd-detect-virt --container` says. */
  readonly container: string;
  readonly cgroup: 'v1' | 'v2';
  readonly hasCapSysResource: boolean;
  readonly openFilesHardLimit: number;
  readonly isSwapOn: boolean;
  readonly isResolvedActive: boolean;
  /** Loaded or built in. */
  readonly kernelModules: readonly string[];
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly bootId: string;
}

export interface IdentityFacts {
  readonly hostname: string;
  readonly machineId: string;
  readonly productUuid: Fact<string>;
  readonly macs: readonly string[];
  readonly sshHostKeys: readonly string[];
}

/** Facts of one host from one round trip. What was not asked for is not in the maps. */
export interface HostFacts {
  readonly identity: IdentityFacts;
  readonly platform: PlatformFacts;
  readonly addresses: readonly AddressFact[];
  readonly files: Readonly<Record<string, FileFact>>;
  readonly units: Readonly<Record<string, UnitFact>>;
  /** `undefined` where the kernel has no such setting. */
  readonly sysctls: Readonly<Record<string, string | undefined>>;
  readonly packages: Readonly<Record<string, string | undefined>>;
  /** Image name to manifest digest in the runtime's `k8s.io` namespace. */
  readonly images: Fact<Readonly<Record<string, string>>>;
  readonly processes: readonly ProcessFact[];
  readonly certificates: Readonly<Record<string, CertificateFact>>;
  readonly kubeconfigs: Readonly<Record<string, KubeconfigFact>>;
  /** Hosts files of the host-network pods that run here, by pod uid. */
  readonly podHosts: Readonly<Record<string, string>>;
  /** `/var/lib/etcd/member` is there. */
  readonly hasEtcdData: boolean;
  readonly runs: readonly RunFact[];
  readonly lock: LockFact | undefined;
  /** Where it was asked for. */
  readonly ground?: GroundFacts;
  /** Where it was asked for. */
  readonly ledger?: LedgerFacts;
  readonly lookedAt?: LookedAt;
}
