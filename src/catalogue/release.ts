import type { KnownSettings } from '../model/known-settings.ts';
import type { ClusterScoped } from '../model/scope.ts';

/** What a release of Kubernetes is run with; each has one version. */
export type Component =
  | 'kubernetes'
  | 'etcd'
  | 'coredns'
  | 'pause'
  | 'containerd'
  | 'runc'
  | 'cni-plugins'
  | 'crictl'
  | 'flannel'
  | 'flannel-cni-plugin'
  | 'metrics-server'
  | 'agnhost';

/** The part an image plays in a cluster. */
export type ImageRole =
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kube-proxy'
  | 'etcd'
  | 'coredns'
  | 'pause'
  | 'flannel'
  | 'flannel-cni-plugin'
  | 'metrics-server'
  | 'agnhost';

/** One Kubernetes version with everything that goes with it. Versions carry no leading `v`. */
export interface Release {
  /** Full version, such as `1.36.3`. */
  readonly kubernetes: string;
  readonly minor: string;
  /** The Go toolchain that its programs are built with, without the leading `go`: one for all operators, since another makes programs with other digests. */
  readonly goToolchain: string;
  readonly versions: Readonly<Record<Component, string>>;
  /** Full image names with tags, as manifests and the container runtime use them. */
  readonly images: Readonly<Record<ImageRole, ClusterScoped<string>>>;
  /** Of images that upstream publishes under another name, since there is something else inside. */
  readonly upstreamImages: Readonly<Partial<Record<ImageRole, ClusterScoped<string>>>>;
  /** The flags and fields that its programs take. */
  readonly settings: KnownSettings;
}
