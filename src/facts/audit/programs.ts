/** Components of Kubernetes whose command lines an audit reads. */
export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/** Programs that balance over API servers on a node. */
export const BALANCERS = ['haproxy', 'nginx'] as const;

/** Container runtimes: a proxy variable may stand in their environment. */
export const RUNTIMES = ['containerd', 'crio', 'dockerd'] as const;

export const WATCHED_PROGRAMS: readonly string[] = [...COMPONENTS, ...BALANCERS, ...RUNTIMES];

/** Those that a kubeadm control plane runs, as static pods or units. */
export const CONTROL_PLANE_PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const satisfies readonly ComponentName[];
