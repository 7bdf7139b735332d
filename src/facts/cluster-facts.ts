import type { Fact } from '../plan/fact.ts';
import type { ForeignObjects } from '../model/foreign.ts';
import type { LaneId } from '../plan/plan.ts';

export interface NodeFact {
  readonly name: string;
  readonly isReady: boolean;
  readonly isControlPlane: boolean;
  readonly internalIPs: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly podCIDR: string;
  readonly kubeletVersion: string;
  /** `containerd://2.3.3`; absent until the kubelet has said it. */
  readonly runtimeVersion?: string;
}

export interface EtcdMemberFact {
  /** Hexadecimal, as etcdctl takes it. */
  readonly id: string;
  /** Empty until the member has started for the first time. */
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly clientURLs: readonly string[];
  readonly isLearner: boolean;
  readonly isHealthy: boolean;
  readonly isLeader: boolean;
}

/** Annotation of a workload: its configuration was, or was about to be, changed, and its pods are still to be started with it. */
export const RESTART_DUE_ANNOTATION = 'kubewright.dev/restart-due';

/** A Deployment or DaemonSet of ours or of kubeadm. */
export interface WorkloadFact {
  readonly annotations: Readonly<Record<string, string>>;
  readonly desired: number;
  readonly ready: number;
  readonly isRolledOut: boolean;
  /** Names of the nodes that run its pods, one entry a pod, sorted. */
  readonly podNodes: readonly string[];
  /** Names of proxy variables in its containers; absent where it has none. */
  readonly proxyVariables?: readonly string[];
}

export interface BootstrapTokenFact {
  readonly id: string;
  readonly description: string;
}

/** The cluster as one healthy control plane answered. Shared objects are foreign: they may carry anything. */
export interface ClusterFacts {
  readonly via: LaneId;
  /** UID of the namespace `kube-system`: the cluster's identity. */
  readonly uid: string;
  readonly version: string;
  readonly nodes: Readonly<Record<string, NodeFact>>;
  /** `namespace/name` to data, for the ConfigMaps that all nodes share. */
  readonly configMaps: ForeignObjects;
  /** Ready addresses of the service `default/kubernetes`, sorted. */
  readonly apiEndpoints: readonly string[];
  readonly etcdMembers: Fact<readonly EtcdMemberFact[]>;
  /** `namespace/Kind/name`. */
  readonly workloads: Readonly<Record<string, WorkloadFact>>;
  readonly bootstrapTokens: readonly BootstrapTokenFact[];
}
