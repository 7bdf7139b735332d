import type { Machine } from '../test-lab.ts';

/** The endpoint of a cluster that has none of the leaks L1 to L6: a name that each machine's own HAProxy serves, as people set it up who have no load balancer. */
export const STABLE_ENDPOINT = { host: 'api.story.example', port: 8443 } as const;

const API_SERVER_PORT = 6443;

/** A file on a machine, with what goes in it. */
interface MachineFile {
  readonly path: string;
  readonly text: string;
}

const CONTAINERD_CONFIG = (pauseImage: string): string => `version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${pauseImage}'

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = true
`;

const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
After=network.target

[Service]
Type=notify
ExecStart=/usr/bin/containerd
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
TasksMax=infinity

[Install]
WantedBy=multi-user.target
`;

const KUBELET_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=2

[Install]
WantedBy=multi-user.target
`;

/** Where the packages of Kubernetes have it, with the names that kubeadm writes to. */
const KUBELET_DROP_IN = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

/** What lab machines need and others may: they share a kernel that may have cgroup v1 and swap. */
const KUBELET_PATCH = `failCgroupV1: false\nfailSwapOn: false\ncrashLoopBackOff: {maxContainerRestartPeriod: 2s}\n`;

/** Passes connections to this machine's port on to every control plane that answers. */
function haproxyConfig(controlPlanes: readonly Machine[]): string {
  return `global
  user haproxy
  group haproxy
defaults
  mode tcp
  timeout connect 2s
  timeout client 10m
  timeout server 10m
  timeout check 3s
  retries 3
  option redispatch 1
listen api
  bind 127.0.0.1:${STABLE_ENDPOINT.port}
  balance roundrobin
  option httpchk GET /readyz
  default-server inter 1s fastinter 500ms downinter 500ms fall 2 rise 1 check check-ssl verify none on-marked-down shutdown-sessions
${controlPlanes.map(({ name, address }) => `  server ${name} ${address}:${API_SERVER_PORT}`).join('\n')}
`;
}

/** Where the API servers are told what to write down of requests. */
export const AUDIT_DIRECTORY = '/etc/kubernetes-audit';
export const AUDIT_POLICY = `${AUDIT_DIRECTORY}/policy.yaml`;

/** Of what the cluster's own parts do all the time nothing; of everybody else who did what. */
const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: None, users: [system:apiserver, system:kube-controller-manager, system:kube-scheduler, system:kube-proxy]}
- {level: None, userGroups: [system:serviceaccounts]}
- {level: None, userGroups: [system:nodes], resources: [{group: coordination.k8s.io}, {group: "", resources: [events, nodes/status, pods/status]}]}
- {level: Metadata}
`;

export const PATCHES = '/etc/kubernetes-patches';

/** What a person writes on a machine before kubeadm runs there. */
export function machineFiles({ address }: Machine, controlPlanes: readonly Machine[], pauseImage: string): readonly MachineFile[] {
  return [
    { path: '/etc/containerd/config.toml', text: CONTAINERD_CONFIG(pauseImage) },
    { path: '/etc/systemd/system/containerd.service', text: CONTAINERD_UNIT },
    { path: '/etc/crictl.yaml', text: 'runtime-endpoint: unix:///run/containerd/containerd.sock\n' },
    { path: '/usr/lib/systemd/system/kubelet.service', text: KUBELET_UNIT },
    { path: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', text: KUBELET_DROP_IN },
    { path: '/etc/default/kubelet', text: `KUBELET_EXTRA_ARGS=--node-ip=${address}\n` },
    { path: '/etc/sysctl.d/90-kubernetes.conf', text: 'net.ipv4.ip_forward = 1\n' },
    { path: `${PATCHES}/kubeletconfiguration+strategic.yaml`, text: KUBELET_PATCH },
    { path: AUDIT_POLICY, text: POLICY },
    { path: '/etc/haproxy/haproxy.cfg', text: haproxyConfig(controlPlanes) },
  ];
}
