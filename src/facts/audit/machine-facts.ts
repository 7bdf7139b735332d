import type { Fact } from '../../plan/fact.ts';
import type { CertificateFact } from '../host-facts.ts';

/** What an audit sees of one machine of a cluster that anybody made. Where things lie was read from its processes. */
export interface MachineFacts {
  readonly identity: MachineIdentity;
  readonly interfaces: readonly InterfaceFact[];
  /** `none` on a machine of its own. */
  readonly container: string;
  /** Processes of the components, on the host's own network: one in a pod's network belongs to another cluster. */
  readonly processes: readonly ComponentProcess[];
  /** Files in the directory that the kubelet takes static pods from. */
  readonly manifests: readonly ManifestFact[];
  /** The configuration that the kubelet really reads. */
  readonly kubeletConfig: Fact<KubeletConfigFact>;
  readonly units: Readonly<Record<string, UnitSettings>>;
  /** Directories and files that tell which deployer was here. */
  readonly marks: readonly string[];
  /** Paths that were asked for; one that is not there is `absent`. */
  readonly files: Readonly<Record<string, PathFact>>;
  /** Names of the files in the directories of certificates. */
  readonly directories: Readonly<Record<string, readonly string[]>>;
  readonly certificates: Readonly<Record<string, MachineCertificate>>;
  /** sha256 of the public half of each private key that a component names; the key itself stays on the machine. */
  readonly publicKeys: Readonly<Record<string, Fact<string>>>;
  readonly kubeconfigs: Readonly<Record<string, KubeconfigView>>;
  /** Settings of environment files of units, such as `ETCD_NAME`. */
  readonly environmentFiles: Readonly<Record<string, readonly LineSetting[]>>;
  readonly balancers: readonly BalancerFact[];
  readonly joinFiles: readonly JoinFileFact[];
  /** Host names of API servers in kubeconfigs, as this machine resolves them; none where it cannot. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Whether something answered at a server that a kubeconfig names. */
  readonly answers: Readonly<Record<string, boolean>>;
}

export interface MachineIdentity {
  readonly hostname: string;
  readonly machineId: string;
  readonly productUuid: Fact<string>;
  readonly sshHostKeys: readonly string[];
}

export interface InterfaceFact {
  readonly name: string;
  readonly mac: string;
  readonly addresses: readonly string[];
  /** Those of `addresses` that may move to another machine: secondary ones, and such without a network of their own. */
  readonly floating: readonly string[];
}

export interface ComponentProcess {
  /** Base name of the program. */
  readonly component: string;
  readonly pid: number;
  /** Clock ticks since boot: tells a restarted process from one that went on. */
  readonly startTicks: number;
  readonly args: readonly string[];
  /** Only variables that configure etcd or name proxies. */
  readonly environment: Readonly<Record<string, string>>;
  /** The systemd unit that it belongs to; empty in a pod. */
  readonly unit: string;
}

/** A text with the line, from 1, on which it stands. */
export interface LineText {
  readonly text: string;
  readonly line: number;
}

export interface LineSetting {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export type ManifestFact = StaticPod | BrokenManifest;

export interface StaticPod {
  readonly path: string;
  readonly type: 'pod';
  readonly name: string;
  readonly component: string;
  readonly image: string;
  readonly args: readonly LineText[];
  /** Proxy variables alone, without credentials. */
  readonly environment: readonly LineSetting[];
  readonly hostPaths: readonly HostPath[];
  /** `host:port` that kubeadm noted for this machine's API server when it wrote the manifest, whatever extra arguments say. */
  readonly advertisedEndpoint?: string;
}

export interface HostPath {
  readonly path: string;
  readonly line: number;
  /** The kubelet makes it where it is missing. */
  readonly isMade: boolean;
}

export interface BrokenManifest {
  readonly path: string;
  readonly type: 'broken';
  readonly why: string;
}

export interface KubeletConfigFact {
  readonly path: string;
  /** Field path to value. */
  readonly fields: Readonly<Record<string, LineText>>;
}

export interface UnitSettings {
  readonly environmentFiles: readonly string[];
  /** `IPAddressAllow`, without prefix lengths of whole addresses. */
  readonly allowedAddresses: readonly string[];
}

export type PathFact = { readonly type: 'absent' } | { readonly type: 'file'; readonly sha256?: string } | { readonly type: 'directory' | 'other' };

export interface MachineCertificate extends CertificateFact {
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly isCA: boolean;
  /** sha256 of the public key. */
  readonly publicKey: string;
  /** Fingerprints of the authorities seen on the machine whose signature it carries. */
  readonly signedBy: readonly string[];
}

/** What a kubeconfig says but its keys. */
export interface KubeconfigView {
  readonly server: string;
  readonly line: number;
  readonly tlsServerName: string;
  readonly skipsVerification: boolean;
  /** Fingerprints of its authorities. */
  readonly authorities: readonly string[];
  readonly clientCertificate?: MachineCertificate;
}

/** A load balancer of the API on the machine itself. */
export interface BalancerFact {
  readonly program: string;
  readonly path: string;
  /** `host:port` and the line. */
  readonly upstreams: readonly LineText[];
}

/** A kubeadm JoinConfiguration that was left behind. */
export interface JoinFileFact {
  readonly path: string;
  readonly endpoint: LineText | undefined;
  readonly skipsVerification: LineText | undefined;
}
