import type { FlagRules } from './flag-rule.ts';
import { cluster, each, fixed, managed, node } from './flag-rule.ts';

const OWN = 'remove it: kubeadm derives it on each control plane';
const NODE_ARGS = 'write it under each node: spec.nodes[].etcd.extraArgs';
/** Where kubeadm has the kubelet ask the member for its health (kubeadm util/staticpod, GetEtcdProbeEndpoint). */
const PROBED_URL = 'http://127.0.0.1:2381';
const ADDRESS = 'spec.nodes[].address';

/** etcd 3.6 and 3.7. */
export const etcdFlags: FlagRules = {
  name: node('the name of this one member: two members of one name are taken for each other', OWN, 'spec.nodes[].name'),
  'advertise-client-urls': node(
    'the address of this one member; kubeadm also makes it the --etcd-servers of every API server: all of them would depend on this member',
    OWN,
    ADDRESS,
  ),
  'initial-advertise-peer-urls': node('the address by which the others reach this member', OWN, ADDRESS),
  ...each(node('an address of this machine: etcd on another machine cannot bind it', OWN, ADDRESS), ['listen-peer-urls', 'listen-client-urls', 'listen-client-http-urls']),
  'listen-metrics-urls': { ...node('addresses of this machine; the kubelet asks the member for its health on loopback', NODE_ARGS), mustHold: PROBED_URL },
  ...each(fixed('what this one member is told when it starts for the first time', OWN), ['initial-cluster', 'initial-cluster-state', 'initial-cluster-token']),
  ...each(node('the identity of this one member', NODE_ARGS), ['distributed-tracing-instance-id', 'experimental-distributed-tracing-instance-id']),

  ...each(managed('members join one by one through those that are there, never by discovery'), [
    'discovery',
    'discovery-token',
    'discovery-endpoints',
    'discovery-cert',
    'discovery-key',
    'discovery-cacert',
    'discovery-user',
    'discovery-password',
    'discovery-fallback',
    'discovery-proxy',
    'discovery-srv',
    'discovery-srv-name',
    'discovery-dial-timeout',
    'discovery-request-timeout',
    'discovery-keepalive-time',
    'discovery-keepalive-timeout',
    'discovery-insecure-transport',
    'discovery-insecure-skip-tls-verify',
  ]),
  ...each(managed('kubeadm sets it, to files that it makes on each control plane'), [
    'cert-file',
    'key-file',
    'client-cert-auth',
    'client-cert-file',
    'client-key-file',
    'client-crl-file',
    'client-cert-allowed-hostname',
    'trusted-ca-file',
    'auto-tls',
    'peer-cert-file',
    'peer-key-file',
    'peer-client-cert-auth',
    'peer-client-cert-file',
    'peer-client-key-file',
    'peer-trusted-ca-file',
    'peer-cert-allowed-cn',
    'peer-cert-allowed-hostname',
    'peer-auto-tls',
    'peer-crl-file',
    'peer-skip-client-san-verification',
    'experimental-peer-skip-client-san-verification',
  ]),
  ...each(managed('the data of the member is where kubeadm, the checks and a later repair look for it'), ['data-dir', 'wal-dir']),
  'config-file': managed('with it etcd ignores all other flags, those of kubeadm too'),
  'force-new-cluster': managed('it makes this member forget all others: a repair, not a setting'),
  'strict-reconfig-check': managed('it keeps etcd from taking a change of members that would lose quorum'),
  'unsafe-no-fsync': managed('a power cut would lose writes that were acknowledged'),
  ...each(managed('the process would print something and end'), ['help', 'version']),

  ...each(cluster('numbers of files, not their places'), ['max-snapshots', 'max-wals', 'enable-log-rotation']),
  'enable-pprof': cluster('a handler on the port that is served anyway'),
  'host-whitelist': cluster('names that HTTP clients may use, the same for each member'),
  'self-signed-cert-validity': cluster('a length of time'),
  ...each(cluster('how a port is opened, not where'), ['socket-reuse-port', 'socket-reuse-address']),
  ...each(cluster('the collector of traces; by default one on each machine'), ['distributed-tracing-address', 'experimental-distributed-tracing-address']),
};
