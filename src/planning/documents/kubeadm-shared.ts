import type { ConntrackDecision } from '../../facts/decisions/conntrack.ts';
import type { ClusterWide, ComponentArg } from '../../model/cluster.ts';
import { constant, sharedDocument, text } from '../../model/scope.ts';
import type { ClusterScoped, SharedDocument } from '../../model/scope.ts';
import { settingsTree } from './shared-text.ts';

const KUBEADM_API = 'kubeadm.k8s.io/v1beta4';

/**
 * How long a node may be silent before its pods leave the services. Kubernetes' own 50 s are for kubelets that notice a dead API server only after 45 s; here each node's proxy drops such
 * connections within 3 s (design, section 9). A controller manager that takes over, 15 s after the old one died, begins to count anew: with 50 s, names would be asked of a dead CoreDNS for 70 s.
 */
export const NODE_SILENCE = { name: constant('node-monitor-grace-period'), value: constant('30s') };

/** What kubeadm stores in `kube-system/kubeadm-config` and every later join reads: cluster scope only (design, section 2). */
export function clusterConfiguration(wide: ClusterWide): SharedDocument {
  return sharedDocument({
    apiVersion: KUBEADM_API,
    kind: 'ClusterConfiguration',
    clusterName: wide.name,
    kubernetesVersion: text`v${wide.kubernetesVersion}`,
    controlPlaneEndpoint: text`${wide.endpoint.host}:${wide.endpoint.port}`,
    networking: { podSubnet: wide.network.podCIDR, serviceSubnet: wide.network.serviceCIDR, dnsDomain: wide.network.dnsDomain },
    apiServer: { certSANs: wide.certSANs, ...extraArgs(wide.args.apiServer) },
    controllerManager: extraArgs(withDefault(wide.args.controllerManager, NODE_SILENCE)),
    ...(wide.args.scheduler.length > 0 && { scheduler: extraArgs(wide.args.scheduler) }),
    ...(wide.args.etcd.length > 0 && { etcd: { local: extraArgs(wide.args.etcd) } }),
  });
}

type SharedArg = ComponentArg<ClusterScoped<string>>;

const extraArgs = (args: readonly SharedArg[]) => ({ extraArgs: args.map(({ name, value }) => ({ name, value })) });

/** kubeadm takes a flag as often as it is given: what the user says of it comes in the place of the default. */
function withDefault(args: readonly SharedArg[], given: SharedArg): readonly SharedArg[] {
  return args.some(({ name }) => name === given.name) ? args : [given, ...args];
}

/**
 * What all kubelets share. `resolvConf` is given, or kubeadm fills in the init node's own (kubeadm componentconfigs/kubelet_unix.go); a node
 * with another resolver has it in its own patch.
 */
export function kubeletConfiguration(wide: ClusterWide): SharedDocument {
  const base = sharedDocument({ apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver: 'systemd', resolvConf: constant('/etc/resolv.conf') });
  return { ...base, ...settingsTree(wide.kubeletConfig) };
}

/** Of conntrack, limits are what all hosts together allow, times are the user's. */
export function kubeProxyConfiguration(wide: ClusterWide, { leaveAlone }: ConntrackDecision): SharedDocument {
  const base = sharedDocument({ apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode: 'iptables' });
  const settings = settingsTree(wide.kubeProxyConfig) as SharedDocument & { readonly conntrack?: SharedDocument };
  const limits = sharedDocument({ maxPerCore: 0, min: 0 });
  return { ...base, ...settings, ...(leaveAlone && { conntrack: { ...limits, ...settings.conntrack } }) };
}
