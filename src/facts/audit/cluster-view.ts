import type { Fact } from '../../plan/fact.ts';
import type { ForeignObjects } from '../../model/foreign.ts';
import type { EtcdMemberFact, NodeFact, WorkloadFact } from '../cluster-facts.ts';

/** What an audit sees of a cluster through one control plane. */
export interface ClusterView {
  /** The machine that answered. */
  readonly via: string;
  /** Version of the API server that answered. */
  readonly version: string;
  readonly nodes: Readonly<Record<string, NodeFact>>;
  /** `namespace/name` to data. */
  readonly configMaps: ForeignObjects;
  /** Ready addresses of the service `default/kubernetes`, sorted. */
  readonly apiEndpoints: readonly string[];
  readonly etcdMembers: Fact<readonly EtcdMemberFact[]>;
  /** `namespace/Kind/name`, of namespace kube-system. */
  readonly workloads: Readonly<Record<string, WorkloadView>>;
  readonly pods: readonly PodView[];
  /** Endpoint slices in kube-system that no controller keeps. */
  readonly manualEndpoints: readonly ManualEndpoints[];
  /** Servers that shared objects name, and whether anything answered there when the machine that answered asked. */
  readonly answers: Readonly<Record<string, boolean>>;
  readonly tokens: Fact<readonly TokenView[]>;
}

export interface WorkloadView extends Omit<WorkloadFact, 'annotations'> {
  readonly labels: Readonly<Record<string, string>>;
  /** Command and arguments of its first container. */
  readonly args: readonly string[];
  /** The digest for whose sake its pods are still to be started anew. */
  readonly restartDue?: string;
  /** Proxy variables of its containers, without credentials. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

/** A pod of kube-system. */
export interface PodView {
  readonly name: string;
  readonly node: string;
  readonly hostIP: string;
}

export interface ManualEndpoints {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface TokenView {
  readonly id: string;
  readonly description: string;
  /** RFC 3339; undefined: it never expires. */
  readonly expires: string | undefined;
}
