/** Keys of the cluster file and of kubeadm's ClusterConfiguration for what runs as a static pod on a control plane, with the program of each. */
export const CONTROL_PLANE_PROGRAMS = {
  apiServer: 'kube-apiserver',
  controllerManager: 'kube-controller-manager',
  scheduler: 'kube-scheduler',
  etcd: 'etcd',
} as const;

export type ControlPlaneComponent = keyof typeof CONTROL_PLANE_PROGRAMS;

export const controlPlaneComponents: readonly ControlPlaneComponent[] = ['apiServer', 'controllerManager', 'scheduler', 'etcd'];

/** One value for each component. */
export function eachComponent<T>(value: (component: ControlPlaneComponent) => T): Readonly<Record<ControlPlaneComponent, T>> {
  return { apiServer: value('apiServer'), controllerManager: value('controllerManager'), scheduler: value('scheduler'), etcd: value('etcd') };
}
