import type { FlagRules } from './flag-rule.ts';
import { cluster, each, file, managed, node } from './flag-rule.ts';
import { commonFlags } from './flag-table-common.ts';

const NODE_ARGS = 'write it under each node: spec.nodes[].apiServer.extraArgs';
const BY_KUBEADM = 'kubeadm sets it, to files or values that it makes itself';

/** kube-apiserver of the Kubernetes releases in the catalogue. */
export const kubeApiserverFlags: FlagRules = {
  ...commonFlags,
  'advertise-address': node(
    'the address by which the cluster reaches this one API server; kubeadm stores extraArgs once for the whole cluster and they win over what a joining node says of itself: every API server would advertise the one address, and when that node goes, the kubernetes service, CoreDNS and metrics-server go with it (kubeadm 3175, Kubespray 11423)',
    'remove it: each API server advertises the address of its own node, spec.nodes[].address',
    'spec.nodes[].address',
  ),
  'bind-address': node('an address of this machine: an API server on another machine cannot bind it and does not start', NODE_ARGS),
  ...each(node('the address by which other API servers reach this one', NODE_ARGS), ['peer-advertise-ip', 'peer-advertise-port']),
  'external-hostname': node('the host name by which this one API server is known', NODE_ARGS),

  'anonymous-auth': managed('kubeadm, the kubelet and the API proxy of every node ask /readyz and /livez without a login: denied, every API server looks dead'),
  'authentication-config': managed('it may deny /readyz to anonymous requests, which the API proxy of every node depends on'),
  'authorization-config': managed('it excludes --authorization-mode, which kubeadm always sets: the API server would not start'),
  'authorization-mode': managed('nodes join and /readyz answers anonymous requests by Node,RBAC, which kubeadm sets'),
  'secure-port': managed('the API proxy of every node and the checks dial port 6443'),
  ...each(managed('it follows from the etcd members on the control planes, which kubeadm lays out'), [
    'etcd-servers',
    'etcd-servers-overrides',
    'etcd-cafile',
    'etcd-certfile',
    'etcd-keyfile',
  ]),
  'etcd-prefix': managed('all objects of the cluster are under it: an API server with another one sees an empty cluster'),
  'service-cluster-ip-range': managed('the range of services is part of the network', 'write it as spec.network.serviceCIDR'),
  'endpoint-reconciler-type': managed('a dead API server leaves the kubernetes endpoints by its lease alone'),
  'enable-bootstrap-token-auth': managed('nodes join by bootstrap tokens'),
  'allow-privileged': managed('kube-proxy and the network plugin are privileged pods'),
  ...each(managed(BY_KUBEADM), [
    'client-ca-file',
    'cert-dir',
    'tls-cert-file',
    'tls-private-key-file',
    'kubelet-client-certificate',
    'kubelet-client-key',
    'proxy-client-cert-file',
    'proxy-client-key-file',
    'requestheader-client-ca-file',
    'requestheader-allowed-names',
    'requestheader-extra-headers-prefix',
    'requestheader-group-headers',
    'requestheader-username-headers',
    'service-account-key-file',
    'service-account-signing-key-file',
  ]),
  'service-account-signing-endpoint': managed('it excludes --service-account-signing-key-file, which kubeadm always sets'),

  'enable-admission-plugins': { ...cluster('names of plugins; a list of your own takes the place of the one that kubeadm sets'), mustHold: 'NodeRestriction' },
  ...each(file('a file that every control plane must have'), [
    'admission-control-config-file',
    'audit-log-path',
    'audit-policy-file',
    'audit-webhook-config-file',
    'authentication-token-webhook-config-file',
    'authorization-policy-file',
    'authorization-webhook-config-file',
    'debug-socket-path',
    'egress-selector-config-file',
    'encryption-provider-config',
    'kubelet-certificate-authority',
    'oidc-ca-file',
    'peer-ca-file',
    'token-auth-file',
    'tracing-config-file',
  ]),
  ...each(cluster('about files that another flag names'), [
    'audit-log-compress',
    'audit-log-maxage',
    'audit-log-maxbackup',
    'audit-log-maxsize',
    'encryption-provider-config-automatic-reload',
  ]),
  ...each(cluster('about all API servers alike: how they stop'), ['shutdown-delay-duration', 'shutdown-send-retry-after']),
  ...each(cluster('the identity provider of the cluster'), ['oidc-client-id', 'oidc-issuer-url', 'oidc-username-claim', 'oidc-username-prefix']),
  ...each(cluster('the identity of the cluster as an issuer of tokens'), ['api-audiences', 'service-account-issuer', 'service-account-jwks-uri']),
  'cors-allowed-origins': cluster('origins of web pages, not machines of the cluster'),
  'enable-aggregator-routing': cluster('a way of routing, not an address'),
  'kubelet-preferred-address-types': cluster('kinds of addresses, not addresses'),
  'watch-cache-sizes': cluster('names of resources'),
};
