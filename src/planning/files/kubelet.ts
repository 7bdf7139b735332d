import { KUBELET_CONFIG, KUBELET_FLAGS } from '../../facts/kubernetes-paths.ts';
import { RECORD_INPUTS } from '../../shell/remote-paths.ts';
import type { NodeFile } from './patches.ts';

export const KUBELET_UNIT = 'kubelet.service';
const UNIT_PATH = `/etc/systemd/system/${KUBELET_UNIT}`;
const DROP_IN = `/etc/systemd/system/${KUBELET_UNIT}.d/10-kubeadm.conf`;
export const KUBELET_INPUTS = [KUBELET_CONFIG, KUBELET_FLAGS, UNIT_PATH, DROP_IN, '/usr/local/bin/kubelet'];

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

/** The files that kubeadm writes for the kubelet, by the names that kubeadm gives them. */
const KUBEADM_DROP_IN = `# Written by kubewright.
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=${KUBELET_CONFIG}"
EnvironmentFile=-${KUBELET_FLAGS}
EnvironmentFile=-/etc/default/kubelet
ExecStartPre=-${RECORD_INPUTS} ${KUBELET_UNIT} ${KUBELET_INPUTS.join(' ')}
ExecStart=
ExecStart=/usr/local/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

export const kubeletFiles: readonly NodeFile[] = [
  { path: UNIT_PATH, mode: '644', text: UNIT },
  { path: DROP_IN, mode: '644', text: KUBEADM_DROP_IN },
];
