/** A place of a value in an object that all nodes share. */
export interface SharedPlace {
  /** `kube-system/kubeadm-config`. */
  readonly configMap: string;
  /** Entry of the ConfigMap. */
  readonly key: string;
  /** Path in that entry: `apiServer.extraArgs.0.value`. */
  readonly path: string;
  readonly value: string;
}

/** A value on one machine that is to be another. */
export interface NodeValue {
  readonly node: string;
  /** File and line, or the process. */
  readonly where: string;
  readonly from: string;
  readonly to: string;
}

/** A value on one machine that is wrong, and why what is right cannot be told. */
export interface DisputedValue extends Omit<NodeValue, 'to'> {
  readonly why: string;
}

/** What a planner needs to mend a finding: data alone. */
export type Repair =
  /** A flag that belongs to each node stands in shared state: take it out there first, then give each node its own, one control plane at a time. */
  | {
      readonly kind: 'own-flag';
      readonly component: string;
      readonly flag: string;
      readonly shared: readonly SharedPlace[];
      readonly nodes: readonly NodeValue[];
      readonly disputed?: readonly DisputedValue[];
    }
  /** Servers that name one machine: all become the endpoint's name, which each API server's certificate carries first. */
  | { readonly kind: 'stable-endpoint'; readonly shared: readonly SharedPlace[]; readonly nodes: readonly NodeValue[] }
  /** A field of a shared object; `to` undefined takes it out. */
  | { readonly kind: 'shared-value'; readonly shared: readonly SharedPlace[]; readonly to?: string }
  /** The list of etcd members by which API servers reach etcd. */
  | { readonly kind: 'etcd-servers'; readonly servers: readonly string[]; readonly shared: readonly SharedPlace[]; readonly nodes: readonly NodeValue[] }
  | { readonly kind: 'remove-files'; readonly files: readonly { readonly node: string; readonly path: string }[] }
  | { readonly kind: 'delete-tokens'; readonly ids: readonly string[] }
  /** Variables of an operator's shell in a workload and in manifests. */
  | {
      readonly kind: 'drop-environment';
      readonly workloads: readonly string[];
      readonly manifests: readonly { readonly node: string; readonly path: string }[];
      readonly variables: readonly string[];
    }
  /** `digest`: what it is for, where that is known. */
  | { readonly kind: 'restart-workload'; readonly workload: string; readonly digest?: string };

/** How a finding is mended. */
export type Fix = { readonly kind: 'by-hand'; readonly steps: readonly string[] } | { readonly kind: 'automatic'; readonly repair: Repair };
