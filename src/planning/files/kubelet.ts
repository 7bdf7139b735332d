import { KUBELET_CONFIG, KUBELET_FLAGS } from '../../facts/kubernetes-paths.ts';
import type { DistributionFamily } from '../../catalogue/distributions.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import { RECORD_INPUTS } from '../../shell/remote-paths.ts';
import { proxyDropIn } from './outbound-proxy.ts';
import type { NodeFile } from './patches.ts';

export const KUBELET_UNIT = 'kubelet.service';
const UNIT_PATH = `/etc/systemd/system/${KUBELET_UNIT}`;
const DROP_IN = `/etc/systemd/system/${KUBELET_UNIT}.d/10-kubeadm.conf`;
const INPUTS = [KUBELET_CONFIG, KUBELET_FLAGS, UNIT_PATH, DROP_IN, '/usr/local/bin/kubelet'];

/** The files that the kubelet is started with. */
export function kubeletInputs({ proxy }: Pick<ClusterWide, 'proxy'>): readonly string[] {
  return proxy === undefined ? INPUTS : [...INPUTS, proxyDropIn(KUBELET_UNIT)];
}

const UNIT = `# Written by kubewright.
[Unit]
Description=kubelet: the Kubernetes node agent
Wants=network-online.target
After=network-online.target containerd.service

[Service]
ExecStart=/usr/local/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=2

[Install]
WantedBy=multi-user.target
`;

type KubeletNames = Pick<DistributionFamily, 'kubeletEnvironment'>;

/** The files that kubeadm writes for the kubelet, by the names that kubeadm gives them. */
const kubeadmDropIn = (inputs: readonly string[], { kubeletEnvironment }: KubeletNames): string => `# Written by kubewright.
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=${KUBELET_CONFIG}"
EnvironmentFile=-${KUBELET_FLAGS}
EnvironmentFile=-${kubeletEnvironment}
ExecStartPre=-${RECORD_INPUTS} ${KUBELET_UNIT} ${inputs.join(' ')}
ExecStart=
ExecStart=/usr/local/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

export function kubeletFiles(wide: ClusterWide, names: KubeletNames): readonly NodeFile[] {
  return [
    { path: UNIT_PATH, mode: '644', text: UNIT },
    { path: DROP_IN, mode: '644', text: kubeadmDropIn(kubeletInputs(wide), names) },
  ];
}
