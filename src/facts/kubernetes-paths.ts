import { AUTHORITY_FILE } from '../shell/ledger-shell.ts';

/** kubeadm's own paths (kubeadm/app/constants). */
export const KUBERNETES_DIR = '/etc/kubernetes';
export const PKI_DIR = `${KUBERNETES_DIR}/pki`;
const MANIFESTS_DIR = `${KUBERNETES_DIR}/manifests`;
export const CLUSTER_CA = AUTHORITY_FILE;
export const ADMIN_CONF = `${KUBERNETES_DIR}/admin.conf`;
export const SUPER_ADMIN_CONF = `${KUBERNETES_DIR}/super-admin.conf`;
export const KUBELET_CONF = `${KUBERNETES_DIR}/kubelet.conf`;
export const BOOTSTRAP_KUBELET_CONF = `${KUBERNETES_DIR}/bootstrap-kubelet.conf`;
export const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
export const KUBELET_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
export const CONTROL_PLANE_COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;

export function manifestPath(component: (typeof CONTROL_PLANE_COMPONENTS)[number]): string {
  return `${MANIFESTS_DIR}/${component}.yaml`;
}

/** What a control plane takes from another one before it joins: each authority, both halves. */
export const SHARED_PKI_FILES = ['ca.crt', 'ca.key', 'sa.pub', 'sa.key', 'front-proxy-ca.crt', 'front-proxy-ca.key', 'etcd/ca.crt', 'etcd/ca.key'] as const;

/** Files that tell how far kubeadm came on a host. */
export const KUBEADM_TRACES = [...CONTROL_PLANE_COMPONENTS.map(manifestPath), KUBELET_CONF, BOOTSTRAP_KUBELET_CONF, ADMIN_CONF, KUBELET_CONFIG] as const;
