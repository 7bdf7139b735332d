import type { FlagRules } from './flag-rule.ts';
import { cluster, each, file, managed, node } from './flag-rule.ts';
import { controllerFlags } from './flag-table-common.ts';

const NODE_ARGS = 'write it under each node: spec.nodes[].controllerManager.extraArgs';
const SIGNERS = ['kube-apiserver-client', 'kubelet-client', 'kubelet-serving', 'legacy-unknown'].flatMap((signer) => [
  `cluster-signing-${signer}-cert-file`,
  `cluster-signing-${signer}-key-file`,
]);

/** kube-controller-manager of the Kubernetes releases in the catalogue. */
export const kubeControllerManagerFlags: FlagRules = {
  ...controllerFlags,
  'bind-address': node('an address of this machine; by default loopback', NODE_ARGS),
  'flex-volume-plugin-dir': {
    ...node('a directory that differs between operating systems: where /usr is read-only the default cannot be made', 'remove it: no file of the machine is given to the pod'),
    names: 'file',
  },
  ...each(managed('the pod range and its parts are the network of the cluster', 'write the range as spec.network.podCIDR'), [
    'allocate-node-cidrs',
    'cidr-allocator-type',
    'cluster-cidr',
    'node-cidr-mask-size',
    'node-cidr-mask-size-ipv4',
    'node-cidr-mask-size-ipv6',
  ]),
  'service-cluster-ip-range': managed('the range of services is part of the network', 'write it as spec.network.serviceCIDR'),
  'cluster-name': managed('it is the name of the cluster', 'write it as metadata.name'),
  controllers: managed('nodes join by tokens that the bootstrap signer and the token cleaner look after; kubeadm lists them here'),
  ...each(managed('kubeadm sets it, to files that it makes itself'), [
    'cluster-signing-cert-file',
    'cluster-signing-key-file',
    'root-ca-file',
    'service-account-private-key-file',
    ...SIGNERS,
  ]),
  'use-service-account-credentials': managed('kubeadm sets it: without it every controller has the rights of all'),
  ...each(file('a file that every control plane must have'), [
    'cloud-config',
    'leader-migration-config',
    'pv-recycler-pod-template-filepath-hostpath',
    'pv-recycler-pod-template-filepath-nfs',
  ]),
  'configure-cloud-routes': cluster('whether routes are made, not which'),
  'cluster-signing-duration': cluster('how long certificates of all nodes are valid'),
  ...each(cluster('numbers of the controllers of endpoints, which are objects here'), [
    'concurrent-endpoint-syncs',
    'concurrent-service-endpoint-syncs',
    'endpoint-updates-batch-period',
    'endpointslice-updates-batch-period',
    'max-endpoints-per-slice',
    'mirroring-concurrent-service-endpoint-syncs',
    'mirroring-endpointslice-updates-batch-period',
    'mirroring-max-endpoints-per-subset',
  ]),
};
