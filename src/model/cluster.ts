import type { ControlPlaneComponent } from './control-plane-components.ts';
import type { Membership } from './membership.ts';
import type { ClusterScoped, NodeName, NodeScoped } from './scope.ts';

export const roles = ['control-plane', 'worker'] as const;
export type Role = (typeof roles)[number];

/** One `--name=value` of a component. Several entries of one name are several values, in this order. */
export interface ComponentArg<S> {
  readonly name: S;
  readonly value: S;
}

/** Flags of each component of a control plane. */
export type ComponentArgs<S> = Readonly<Record<ControlPlaneComponent, readonly ComponentArg<S>[]>>;

/** A tree of settings that may enter shared state: what `kubelet.config` and `kubeProxy.config` hold. Maps are entries with scoped keys. */
export type SharedSetting = ClusterScoped<string> | ClusterScoped<number> | ClusterScoped<true> | ClusterScoped<false> | null | readonly SharedSetting[] | SharedSettings;
export interface SharedSettings {
  readonly entries: readonly (readonly [key: ClusterScoped<string>, value: SharedSetting])[];
}

/** The way of the nodes' runtimes and kubelets out of the network; at least one URL. */
export interface OutboundProxy {
  readonly httpProxy?: ClusterScoped<string>;
  readonly httpsProxy?: ClusterScoped<string>;
  /** What is reached without it besides the cluster's own. */
  readonly noProxy: readonly ClusterScoped<string>[];
}

/** Machines fetch what is published themselves, instead of being sent it. */
export interface Pull {
  /** URL of a place that has what is published, below the names of its hosts; without it the publishers are asked. */
  readonly mirror?: ClusterScoped<string>;
}

/** A registry as the nodes' runtimes reach it. */
export interface Registry {
  /** `docker.io`, or a host with its port. */
  readonly name: ClusterScoped<string>;
  /** URLs that are asked before it, in this order. */
  readonly mirrors: readonly ClusterScoped<string>[];
  /** Whether the cluster file names a login for it: the login itself is no planner's to see. */
  readonly hasLogin: boolean;
}

/** Where a secret is when it is needed; the cluster file holds none. */
export type SecretSource = { readonly from: 'file'; readonly path: string } | { readonly from: 'environment'; readonly variable: string };

/** Who the nodes are to a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: SecretSource;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** How the operator's machine reaches the nodes; absent fields are left to the user's own ssh configuration. */
export interface SshAccess {
  /** Another than root becomes root with sudo. */
  readonly user: string;
  readonly port?: number;
  /** Hosts to jump through, as ssh's `-J` takes them; `none` for none. */
  readonly jump?: string;
  /** Absolute path of a private key. */
  readonly identityFile?: string;
  /** Absolute path of a known_hosts file. */
  readonly knownHostsFile?: string;
}

/** How one node is reached, where it differs from the others. */
export interface NodeSshAccess extends SshAccess {
  /** What ssh dials instead of the address that other nodes use: an address, a name, or a `Host` of the user's ssh configuration. */
  readonly host?: string;
}

/** Cluster scope: everything that may be written to state that all nodes share. */
export interface ClusterWide {
  readonly name: ClusterScoped<string>;
  /** `1.36.3`, without `v`. */
  readonly kubernetesVersion: ClusterScoped<string>;
  /** The name and port that every kubeconfig, cluster-info and kube-proxy use: it names no machine (design, section 9). */
  readonly endpoint: { readonly host: ClusterScoped<string>; readonly port: ClusterScoped<number> };
  readonly network: {
    readonly plugin: 'flannel' | 'none';
    readonly podCIDR: ClusterScoped<string>;
    readonly serviceCIDR: ClusterScoped<string>;
    readonly dnsDomain: ClusterScoped<string>;
  };
  readonly certSANs: readonly ClusterScoped<string>[];
  readonly args: ComponentArgs<ClusterScoped<string>>;
  readonly kubeletConfig: SharedSettings;
  readonly kubeProxyConfig: SharedSettings;
  readonly metricsServer: boolean;
  readonly proxy?: OutboundProxy;
  readonly registries: readonly Registry[];
  /** Absent: everything is sent from the operator's machine. */
  readonly pull?: Pull;
}

/** One node as its own planner sees it. */
export interface ClusterNode {
  readonly name: NodeName;
  readonly role: Role;
  /** IPv4 address that other nodes use. */
  readonly address: NodeScoped<string>;
  readonly labels: NodeScoped<Readonly<Record<string, string>>>;
  readonly taints: NodeScoped<readonly Taint[]>;
  /** Flags of this node's components alone; none on workers. */
  readonly args: NodeScoped<ComponentArgs<string>>;
  /** Fields of KubeletConfiguration for this node's kubelet alone, over those of all. */
  readonly kubeletConfig: NodeScoped<Readonly<Record<string, unknown>>>;
}

/** A control plane as others must know it: an upstream of the API proxy. */
export interface ControlPlanePeer {
  readonly name: NodeName;
  readonly address: string;
}

/** The desired cluster: a resolved cluster file. Order of `nodes` means nothing; it is sorted by name. */
export interface Cluster {
  readonly wide: ClusterWide;
  /** Of machines that the file does not name. */
  readonly ssh: SshAccess;
  /** Of every node of the file: the operator's matter, no planner's. */
  readonly sshOf: ReadonlyMap<NodeName, NodeSshAccess>;
  /** By the registry's name: the operator's matter, as far as the values go. */
  readonly logins: ReadonlyMap<string, RegistryLogin>;
  readonly nodes: readonly ClusterNode[];
  readonly controlPlanes: Membership<ControlPlanePeer>;
}

/** What the planner of one node may see: that node, the cluster scope and the membership, not the other nodes. */
export interface NodeContext {
  readonly node: ClusterNode;
  readonly wide: ClusterWide;
  readonly controlPlanes: Membership<ControlPlanePeer>;
}

/** Port of every API server; the proxy of each node passes the endpoint's port on to it. */
export const API_SERVER_PORT = 6443;

export function contextOf(cluster: Cluster, node: ClusterNode): NodeContext {
  return { node, wide: cluster.wide, controlPlanes: cluster.controlPlanes };
}
