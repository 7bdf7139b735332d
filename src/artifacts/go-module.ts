import type { Release } from '../catalogue/release.ts';
import type { BinaryName } from './artifact.ts';

export interface ModuleVersion {
  readonly path: string;
  /** With the leading `v`. */
  readonly version: string;
}

/** How programs of one component are built from Go modules, by a wrapper module that requires them. Everything here is part of the name of what it makes. */
export interface GoModule {
  /** The first one gives the wrapper its language version and GODEBUG defaults, so that programs behave as in their own module. */
  readonly requires: readonly [ModuleVersion, ...ModuleVersion[]];
  /** Version of the modules that the first one replaces by folders of its own repository (Kubernetes' staging). */
  readonly stagingVersion?: string;
  readonly replaces?: Readonly<Record<string, ModuleVersion>>;
  /** Import path of each program's main package. */
  readonly packages: Readonly<Partial<Record<BinaryName, string>>>;
  /** Linked with C, statically. */
  readonly cgo?: boolean;
  readonly tags?: readonly string[];
  /** Variables set by the linker, so that a program tells its true version. */
  readonly stamps?: Readonly<Record<string, string>>;
}

const CNI_PLUGINS = 'github.com/containernetworking/plugins';
const CNI_VERSION_VARIABLE = `${CNI_PLUGINS}/pkg/utils/buildversion.BuildVersion`;
const CONTAINERD = 'github.com/containerd/containerd/v2';
const TENCENT = 'github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common';

function one(path: string, version: string): readonly [ModuleVersion] {
  return [{ path, version: `v${version}` }];
}

/** The seven programs of Kubernetes, and agnhost of the same tag. */
export function kubernetesModule({ kubernetes, versions }: Release): GoModule {
  const [major = '', minor = '', patch = ''] = kubernetes.split('.');
  const commands = ['kubeadm', 'kubelet', 'kubectl', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'] as const;
  const packages = Object.fromEntries(commands.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`]));
  return {
    requires: one('k8s.io/kubernetes', kubernetes),
    stagingVersion: `v0.${minor}.${patch}`,
    packages: { ...packages, agnhost: 'k8s.io/kubernetes/test/images/agnhost' },
    stamps: {
      ...versionStamps('k8s.io/component-base/version', { major, minor, kubernetes }),
      ...versionStamps('k8s.io/client-go/pkg/version', { major, minor, kubernetes }),
      'main.Version': versions.agnhost,
    },
  };
}

function versionStamps(
  path: string,
  { major, minor, kubernetes }: { readonly major: string; readonly minor: string; readonly kubernetes: string },
): Readonly<Record<string, string>> {
  return {
    [`${path}.gitVersion`]: `v${kubernetes}`,
    [`${path}.gitMajor`]: major,
    [`${path}.gitMinor`]: minor,
    // A module has no commit; without this the placeholder of `git archive` would show.
    [`${path}.gitCommit`]: 'unknown',
    // What is built is exactly what the checksum database has for the tag.
    [`${path}.gitTreeState`]: 'clean',
  };
}

export function containerdModule({ versions }: Release): GoModule {
  const commands = ['containerd', 'containerd-shim-runc-v2', 'ctr'] as const;
  return {
    requires: one(CONTAINERD, versions.containerd),
    packages: Object.fromEntries(commands.map((name) => [name, `${CONTAINERD}/cmd/${name}`])),
    stamps: { [`${CONTAINERD}/version.Version`]: `v${versions.containerd}` },
  };
}

/** Without seccomp every pod sandbox fails. */
export function runcModule({ versions }: Release): GoModule {
  const path = 'github.com/opencontainers/runc';
  return { requires: one(path, versions.runc), packages: { runc: path }, cgo: true, tags: ['seccomp', 'netgo', 'osusergo'] };
}

export function crictlModule({ versions }: Release): GoModule {
  const path = 'sigs.k8s.io/cri-tools';
  return { requires: one(path, versions.crictl), packages: { crictl: `${path}/cmd/crictl` }, stamps: { [`${path}/pkg/version.Version`]: `v${versions.crictl}` } };
}

export function cniPluginsModule({ versions }: Release): GoModule {
  const version = versions['cni-plugins'];
  return {
    requires: one(CNI_PLUGINS, version),
    packages: {
      'cni-bridge': `${CNI_PLUGINS}/plugins/main/bridge`,
      'cni-loopback': `${CNI_PLUGINS}/plugins/main/loopback`,
      'cni-host-local': `${CNI_PLUGINS}/plugins/ipam/host-local`,
      'cni-portmap': `${CNI_PLUGINS}/plugins/meta/portmap`,
      'cni-bandwidth': `${CNI_PLUGINS}/plugins/meta/bandwidth`,
      'cni-firewall': `${CNI_PLUGINS}/plugins/meta/firewall`,
      'cni-tuning': `${CNI_PLUGINS}/plugins/meta/tuning`,
    },
    stamps: { [CNI_VERSION_VARIABLE]: `v${version}` },
  };
}

export function etcdModule({ versions }: Release): GoModule {
  const packages = { etcd: 'go.etcd.io/etcd/server/v3', etcdctl: 'go.etcd.io/etcd/etcdctl/v3', etcdutl: 'go.etcd.io/etcd/etcdutl/v3' } as const;
  const version = `v${versions.etcd}`;
  return {
    requires: [
      { path: packages.etcd, version },
      { path: packages.etcdctl, version },
      { path: packages.etcdutl, version },
    ],
    packages,
  };
}

export function corednsModule({ versions }: Release): GoModule {
  const path = 'github.com/coredns/coredns';
  return { requires: one(path, versions.coredns), packages: { coredns: path } };
}

export function metricsServerModule({ versions }: Release): GoModule {
  const path = 'sigs.k8s.io/metrics-server';
  const version = `v${versions['metrics-server']}`;
  return {
    requires: one(path, versions['metrics-server']),
    packages: { 'metrics-server': `${path}/cmd/metrics-server` },
    stamps: { 'k8s.io/client-go/pkg/version.gitVersion': version, 'k8s.io/component-base/version.gitVersion': version },
  };
}

/** The version of the cloud SDK that flannel 0.28 pins is not served any more. */
export function flannelModule({ versions }: Release): GoModule {
  const path = 'github.com/flannel-io/flannel';
  return {
    requires: one(path, versions.flannel),
    replaces: { [TENCENT]: { path: TENCENT, version: 'v1.3.90' } },
    packages: { flanneld: path },
    cgo: true,
    tags: ['netgo', 'osusergo'],
    stamps: { [`${path}/pkg/version.Version`]: `v${versions.flannel}` },
  };
}

export function flannelCniModule({ versions }: Release): GoModule {
  const version = versions['flannel-cni-plugin'];
  return {
    requires: one(CNI_PLUGINS, version),
    packages: { 'cni-flannel': `${CNI_PLUGINS}/plugins/meta/flannel` },
    stamps: { [CNI_VERSION_VARIABLE]: `v${version}` },
  };
}
