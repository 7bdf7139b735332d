import type { FlagRules } from './flag-rule.ts';
import { cluster, each, file, managed } from './flag-rule.ts';

/** Flags that the Kubernetes programs share: serving, metrics, logging. */
export const commonFlags: FlagRules = {
  ...each(managed('the process would print something and end'), ['help', 'version']),
  ...each(cluster('how a port is opened, not where'), ['permit-address-sharing', 'permit-port-sharing']),
  profiling: cluster('a handler on the port that is served anyway'),
  vmodule: cluster('its "file" is a pattern of source files'),
  ...each(file('a file that every control plane must have'), ['allow-metric-labels-manifest', 'tls-sni-cert-key']),
};

/** What kube-controller-manager and kube-scheduler share: they serve on loopback, beside the API server whose clients they are. */
export const controllerFlags: FlagRules = {
  ...commonFlags,
  ...each(managed('kubeadm points it at the API server beside it, on each control plane its own'), [
    'kubeconfig',
    'authentication-kubeconfig',
    'authorization-kubeconfig',
    'master',
  ]),
  ...each(managed('kubeadm sets it, to files that it makes itself'), ['client-ca-file', 'requestheader-client-ca-file']),
  ...each(file('a file or directory that every control plane must have'), ['cert-dir', 'tls-cert-file', 'tls-private-key-file']),
  'secure-port': managed('the kubelet and the checks ask for health there'),
  'leader-elect': managed('one of it runs on every control plane, and one at a time may act'),
  'authentication-skip-lookup': cluster('whether the kubeconfig is used, not which'),
  'authorization-always-allow-paths': cluster('paths of HTTP requests, not of files'),
  'requestheader-allowed-names': cluster('names of client certificates that the cluster gives out'),
};
