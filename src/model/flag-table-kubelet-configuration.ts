import type { FlagRules } from './flag-rule.ts';
import { cluster, each, fixed, managed, node } from './flag-rule.ts';

const DERIVED = 'remove it: kubewright derives it on each node';
const NODE_CONFIG = 'write it under each node: spec.nodes[].kubelet.config';

/** Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1), by path; what is listed holds for all below it. */
export const kubeletConfigurationFields: FlagRules = {
  address: node('an address of this machine: a kubelet on another machine cannot bind it', NODE_CONFIG),
  healthzBindAddress: fixed('an address of this machine; kubeadm and the checks ask the kubelet for its health on loopback', 'remove it'),
  providerID: node('the identity of this machine at its provider: every node would claim to be one machine', NODE_CONFIG),
  registerWithTaints: node('taints of this node', 'write them as spec.nodes[].taints', 'spec.nodes[].taints'),
  resolvConf: node('the resolver file of this machine: where systemd-resolved runs it is another one, and a path that does not exist leaves pods without DNS', NODE_CONFIG),
  ...each(fixed('what the kernel, the cgroups and the swap of this machine allow', DERIVED), ['failCgroupV1', 'failSwapOn']),
  ...each(node('what the kernel, the cgroups and the swap of this machine allow', NODE_CONFIG), ['memorySwap', 'oomScoreAdj']),
  ...each(node('processors and memory of this machine', NODE_CONFIG), ['reservedSystemCPUs', 'reservedMemory']),
  ...each(node('cgroups of this machine', NODE_CONFIG), ['cgroupRoot', 'kubeletCgroups', 'systemCgroups', 'systemReservedCgroup', 'kubeReservedCgroup']),
  ...each(fixed('files of this machine, and no file of yours is placed there', 'remove it'), ['tlsCertFile', 'tlsPrivateKeyFile']),
  volumePluginDir: node('a directory of this machine', NODE_CONFIG),
  ...each(fixed('the container runtime of this machine, which kubewright installs', DERIVED), ['containerRuntimeEndpoint', 'imageServiceEndpoint']),
  staticPodURL: node('static pods of this machine', NODE_CONFIG),
  staticPodURLHeader: fixed('static pods of this machine; its values may be secrets, and a cluster file holds none', 'remove it'),

  ...each(managed('kubeadm puts the control plane there'), ['staticPodPath']),
  ...each(managed('kubeadm sets it; who may talk to a kubelet depends on it'), ['authentication', 'authorization']),
  ...each(managed('it follows from the network of the cluster', 'change spec.network instead'), ['clusterDNS', 'clusterDomain', 'podCIDR']),
  ...each(managed('the container runtime, which kubewright installs, uses systemd cgroups: two drivers on one machine break it under load'), ['cgroupDriver', 'cgroupsPerQOS']),
  ...each(managed('the API server, kubeadm and the checks ask the kubelet there'), ['port', 'healthzPort', 'enableServer']),
  ...each(managed('certificates of kubelets are signed as kubeadm sets it up; serving certificates asked from the API would wait for someone to approve them'), [
    'rotateCertificates',
    'serverTLSBootstrap',
  ]),
  ...each(managed('a node that does not register is not in the cluster'), ['registerNode', 'runOnce']),
  ...each(managed('kubewright names the kind itself'), ['apiVersion', 'kind']),

  podLogsDir: cluster('a directory that the kubelet makes, the same on each node'),
  makeIPTablesUtilChains: cluster('rules of the machine that any kubelet makes alike'),
  tracing: cluster('the collector of traces; by default one on each machine'),
  ...each(cluster('amounts, not parts of one machine'), ['kubeReserved', 'systemReserved', 'maxOpenFiles', 'fileCheckFrequency', 'containerLogMaxFiles']),
};
