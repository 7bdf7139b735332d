import type { FlagRules } from './flag-rule.ts';
import { cluster, each, managed, node } from './flag-rule.ts';

const DERIVED = 'remove it: kubewright derives it on each node';

/** kubelet of the Kubernetes releases in the catalogue: its flags, of which most are also fields of KubeletConfiguration. */
export const kubeletFlags: FlagRules = {
  'node-ip': node('the address of this node', DERIVED, 'spec.nodes[].address'),
  'hostname-override': node('the name of this node: given to all, every kubelet believes it is one node', DERIVED, 'spec.nodes[].name'),
  'node-labels': node('labels of this node', DERIVED, 'spec.nodes[].labels'),
  'register-with-taints': node('taints of this node', DERIVED, 'spec.nodes[].taints'),
  'provider-id': node('the identity of this machine at its provider', DERIVED),
  ...each(node('an address of this machine', DERIVED), ['address', 'healthz-bind-address']),
  ...each(node('files of this machine', DERIVED), [
    'tls-cert-file',
    'tls-private-key-file',
    'resolv-conf',
    'volume-plugin-dir',
    'machine-id-file',
    'boot-id-file',
    'lock-file',
    'container-hints',
    'experimental-mounter-path',
  ]),
  ...each(node('the container runtime of this machine', DERIVED), ['container-runtime-endpoint', 'image-service-endpoint', 'containerd']),
  ...each(node('static pods of this machine', DERIVED), ['manifest-url', 'manifest-url-header']),
  ...each(node('what the kernel and the cgroups of this machine allow', DERIVED), [
    'fail-swap-on',
    'fail-cgroupv1',
    'oom-score-adj',
    'reserved-cpus',
    'reserved-memory',
    'cgroup-root',
    'kubelet-cgroups',
    'runtime-cgroups',
    'system-cgroups',
    'kube-reserved-cgroup',
    'system-reserved-cgroup',
  ]),

  ...each(managed('kubeadm sets it, to files that it makes itself'), [
    'config',
    'config-dir',
    'kubeconfig',
    'bootstrap-kubeconfig',
    'cert-dir',
    'root-dir',
    'client-ca-file',
    'pod-manifest-path',
  ]),
  ...each(managed('kubeadm sets it; who may talk to a kubelet depends on it'), ['anonymous-auth', 'authentication-token-webhook', 'authorization-mode']),
  ...each(managed('it follows from the network of the cluster'), ['cluster-dns', 'cluster-domain', 'pod-cidr']),
  'cgroup-driver': managed('the container runtime must have the same'),
  ...each(managed('kubeadm, the API server and the checks ask the kubelet there'), ['port', 'healthz-port', 'enable-server']),
  ...each(managed('a node that does not register is not in the cluster'), ['register-node', 'runonce']),
  ...each(managed('kubeadm sets up how certificates of kubelets are signed'), ['rotate-certificates', 'rotate-server-certificates']),
  ...each(managed('the process would print something and end'), ['help', 'version', 'exit-on-lock-contention']),

  ...each(cluster('numbers of log files'), ['container-log-max-files', 'container-log-max-size']),
  ...each(cluster('amounts, not parts of one machine'), ['kube-reserved', 'system-reserved', 'max-open-files', 'file-check-frequency']),
  ...each(cluster('a way to do it, not a place'), [
    'enable-debugging-handlers',
    'hairpin-mode',
    'make-iptables-util-chains',
    'image-credential-provider-bin-dir',
    'image-credential-provider-config',
  ]),
  'storage-driver-host': cluster('a database outside of the cluster'),
  vmodule: cluster('its "file" is a pattern of source files'),
};
