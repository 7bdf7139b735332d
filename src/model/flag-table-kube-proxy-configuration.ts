import type { FlagRules } from './flag-rule.ts';
import { cluster, each, managed, node } from './flag-rule.ts';

const SHARED = 'remove it: kube-proxy has one configuration for all nodes';

/** Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1), by path; what is listed holds for all below it. */
export const kubeProxyConfigurationFields: FlagRules = {
  hostnameOverride: node('the name of one node: every proxy would believe it is that node', SHARED),
  ...each(node('an address of one machine', SHARED), ['bindAddress', 'healthzBindAddress', 'metricsBindAddress', 'nodePortAddresses']),
  detectLocal: node('names of interfaces of one machine', SHARED),
  ...each(node('what the kernel of one machine allows', SHARED), ['oomScoreAdj', 'winkernel']),

  clientConnection: managed('kubeadm points it at the endpoint of the cluster'),
  clusterCIDR: managed('it follows from the network of the cluster', 'write the range as spec.network.podCIDR'),
  ...each(managed('kubewright decides it over the kernels of all nodes'), ['conntrack.maxPerCore', 'conntrack.min']),
  ...each(managed('kube-proxy runs in the mode iptables: programs and kernel modules that others need are neither installed nor looked for'), ['mode', 'ipvs', 'nftables']),
  windowsRunAsService: managed('nodes run Linux'),
  ...each(managed('kubewright names the kind itself'), ['apiVersion', 'kind']),

  bindAddressHardFail: cluster('whether a port that is taken ends it, not which'),
  'iptables.localhostNodePorts': cluster('loopback is the same on each machine'),
};
