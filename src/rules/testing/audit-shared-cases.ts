import type { AuditCase } from './audit-case.ts';
import { KUBEADM_CONFIG, KUBELET_CONFIG_MAP, KUBE_PROXY_CONFIG, broken, changed, cluster, foreign, manifest, on, setConfigMap, setFlag, setSharedArg } from './audit-changes.ts';
import { kubespray, ourCluster } from './audit-healthy.ts';

const RESOLVED = '/run/systemd/resolve/resolv.conf';

/** One value of a node, in what all nodes share. */
export const sharedCases: readonly AuditCase[] = [
  [
    'advertise-address in kubeadm-config',
    broken((draft) => setSharedArg(draft, 'advertise-address', '10.88.210.11')),
    'shared-advertise-address',
    'error',
    'is 10.88.210.11, the address of cp-1',
  ],
  [
    'all of what the flawed template does',
    broken((draft) => {
      setSharedArg(draft, 'advertise-address', '10.88.210.11');
      for (const node of ['cp-2', 'cp-3']) setFlag(draft, node, ['kube-apiserver', 'advertise-address'], '10.88.210.11');
      cluster(draft).apiEndpoints = ['10.88.210.11'];
    }),
    'shared-advertise-address',
    'error',
    'cp-3: /etc/kubernetes/manifests/kube-apiserver.yaml:',
  ],
  [
    'the same in the form of v1beta3',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', 'apiServer:\n  extraArgs:\n    advertise-address: 10.88.210.99'))),
    'shared-advertise-address',
    'error',
    'the address of no machine of this cluster',
  ],
  ['bind-address in kubeadm-config', broken((draft) => setSharedArg(draft, 'bind-address', '10.88.210.12')), 'shared-bind-address', 'warning', 'of cp-2'],
  ['a bind-address of nobody', broken((draft) => setSharedArg(draft, 'bind-address', '10.88.210.99')), 'shared-bind-address', 'error', 'the address of no machine'],
  [
    "a member's client URL in kubeadm-config",
    broken((draft) =>
      setConfigMap(draft, KUBEADM_CONFIG, (text) =>
        text.replace('  local:', '  local:\n    extraArgs:\n    - name: advertise-client-urls\n      value: https://10.88.210.11:2379'),
      ),
    ),
    'shared-etcd-identity',
    'warning',
    'of cp-1',
  ],
  [
    'peer-advertise-ip in kubeadm-config',
    broken((draft) => setSharedArg(draft, 'peer-advertise-ip', '10.88.210.11')),
    'shared-node-flag',
    'warning',
    'peer-advertise-ip is 10.88.210.11, of cp-1',
  ],
  [
    'one control plane as the endpoint',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.11:6443'))),
    'endpoint-of-one-node',
    'warning',
    'the address of cp-1',
  ],
  [
    "an endpoint's name that is one control plane",
    broken((draft) => {
      on(draft, 'w-1').names['api.dev.kubewright.internal'] = ['10.88.210.12'];
      on(draft, 'w-1').kubeconfigs = {};
      setConfigMap(draft, ['kube-public/cluster-info', 'kubeconfig'], (text) => text.replace('api.dev.kubewright.internal:7443', '127.0.0.1:6443'));
      setConfigMap(draft, ['kube-system/kube-proxy', 'kubeconfig.conf'], (text) => text.replace('api.dev.kubewright.internal:7443', '127.0.0.1:6443'));
    }),
    'endpoint-of-one-node',
    'warning',
    'api.dev.kubewright.internal is 10.88.210.12, the address of cp-2',
  ],
  [
    'cluster-info of a control plane that does not answer',
    broken((draft) => {
      setConfigMap(draft, ['kube-public/cluster-info', 'kubeconfig'], (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.99:6443'));
      cluster(draft).answers['https://10.88.210.99:6443'] = false;
    }),
    'cluster-info-of-one-node',
    'error',
    'where nobody answers',
  ],
  [
    'cluster-info of one control plane',
    broken((draft) => setConfigMap(draft, ['kube-public/cluster-info', 'kubeconfig'], (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.13:6443'))),
    'cluster-info-of-one-node',
    'warning',
    'the address of cp-3',
  ],
  [
    'kube-proxy of one control plane',
    broken((draft) => setConfigMap(draft, ['kube-system/kube-proxy', 'kubeconfig.conf'], (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.11:6443'))),
    'kube-proxy-of-one-node',
    'warning',
    'the address of cp-1',
  ],
  [
    "the only control plane's address as kube-proxy's server",
    changed(ourCluster(1, 1), (draft) =>
      setConfigMap(draft, ['kube-system/kube-proxy', 'kubeconfig.conf'], (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.11:6443')),
    ),
    'kube-proxy-of-one-node',
    'notice',
    'the address of cp-1',
  ],
  [
    'a client certificate named after a control plane that lacks it elsewhere',
    changed(kubespray('healthy'), (draft) => {
      on(draft, 'k3').directories['/etc/ssl/etcd/ssl'] = ['ca.pem', 'node-k1-key.pem'];
    }),
    'shared-etcd-client-certificate',
    'error',
    'k3 has no /etc/ssl/etcd/ssl/node-k1.pem',
  ],
  [
    'hostnameOverride in kube-proxy',
    broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('hostnameOverride: ""', 'hostnameOverride: cp-1'))),
    'hostname-override-shared',
    'warning',
    'hostnameOverride is cp-1',
  ],
  [
    'hostnameOverride that nothing hides',
    broken((draft) => {
      setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('hostnameOverride: ""', 'hostnameOverride: cp-1'));
      const daemonSet = cluster(draft).workloads['kube-system/DaemonSet/kube-proxy'];
      if (daemonSet !== undefined) daemonSet.args = ['kube-proxy'];
    }),
    'hostname-override-shared',
    'error',
    'passes no --hostname-override',
  ],
  [
    'an address in kubelet-config',
    broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}address: 10.88.210.11\n`)),
    'shared-kubelet-field',
    'warning',
    'the address of cp-1',
  ],
  [
    'a dead address in kubelet-config',
    broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}address: 10.88.210.99\n`)),
    'shared-kubelet-field',
    'error',
    'address is 10.88.210.99',
  ],
  [
    'a provider id in kubelet-config',
    broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}providerID: aws:///i-123\n`)),
    'shared-kubelet-field',
    'warning',
    'providerID',
  ],
  [
    "systemd-resolved's file in kubelet-config, on one machine alone",
    broken((draft) => {
      setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => text.replace('/etc/resolv.conf', RESOLVED));
      on(draft, 'cp-1').files[RESOLVED] = { type: 'file' };
      for (const { name } of draft.machines) {
        const { kubeletConfig, files } = on(draft, name);
        if (kubeletConfig.state === 'known') kubeletConfig.value.fields['resolvConf'] = { text: RESOLVED, line: 18 };
        delete files['/etc/resolv.conf'];
      }
    }),
    'shared-resolver',
    'error',
    'w-1 has no /run/systemd/resolve/resolv.conf, and its kubelet uses it',
  ],
  [
    "systemd-resolved's file in kubelet-config, where each kubelet has its own",
    broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => text.replace('/etc/resolv.conf', RESOLVED))),
    'shared-resolver',
    'warning',
    'its kubelet uses another file',
  ],
  [
    'an address in kube-proxy',
    broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('bindAddress: 0.0.0.0', 'bindAddress: 10.88.210.12'))),
    'shared-kube-proxy-field',
    'warning',
    'the address of cp-2',
  ],
  [
    'node port addresses of one machine',
    broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('nodePortAddresses: null', 'nodePortAddresses:\n- 10.88.210.11/32'))),
    'shared-kube-proxy-field',
    'warning',
    'in which cp-2, cp-3, w-1 has no address',
  ],
  [
    'an interface of one machine in kube-proxy',
    broken((draft) => {
      setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('bridgeInterface: ""', 'bridgeInterface: br-lan'));
      on(draft, 'cp-1').interfaces = [...on(draft, 'cp-1').interfaces, { name: 'br-lan', mac: '02:00:00:00:00:99', addresses: [], floating: [] }];
    }),
    'shared-kube-proxy-field',
    'warning',
    'which cp-2, cp-3, w-1 lacks',
  ],
  [
    "a shell's proxy in the DaemonSet",
    broken((draft) => {
      const daemonSet = cluster(draft).workloads['kube-system/DaemonSet/kube-proxy'];
      if (daemonSet !== undefined) daemonSet.environment = [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }];
    }),
    'proxy-environment',
    'warning',
    'HTTPS_PROXY=http://proxy:3128',
  ],
  [
    "a shell's proxy in a manifest",
    broken((draft) => {
      manifest(draft, 'cp-1', 'kube-scheduler').environment = [{ name: 'NO_PROXY', value: '10.88.210.11', line: 20 }];
    }),
    'proxy-environment',
    'warning',
    'kube-scheduler.yaml:20: NO_PROXY',
  ],
  [
    'names of two of three control planes in certSANs',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', 'apiServer:\n  certSANs: [k8s.example.com, cp-1, 10.88.210.12]'))),
    'cert-sans-stale',
    'warning',
    'lists cp-1, cp-2 and not cp-3',
  ],
  [
    "one member's name in the certificates of all of etcd",
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('  local:', '  local:\n    peerCertSANs: [etcd.example.com, cp-1]'))),
    'cert-sans-stale',
    'warning',
    'etcd.local.peerCertSANs lists cp-1 and not cp-2',
  ],
  [
    'a variable of every API server that names two of three control planes',
    broken((draft) =>
      setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', 'apiServer:\n  extraEnvs:\n  - name: NO_PROXY\n    value: 10.88.210.11,10.88.210.12,.svc')),
    ),
    'shared-name-of-one-node',
    'warning',
    'apiServer.extraEnvs.0.value (NO_PROXY) is 10.88.210.11,10.88.210.12,.svc, which names cp-1, cp-2 and not every',
  ],
  [
    'a data directory of etcd that is called by one machine',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('/var/lib/etcd', '/srv/etcd-cp-1'))),
    'shared-name-of-one-node',
    'warning',
    'etcd.local.dataDir is /srv/etcd-cp-1, which names cp-1',
  ],
  [
    'a volume that is called by one machine',
    broken((draft) =>
      setConfigMap(draft, KUBEADM_CONFIG, (text) =>
        text.replace('scheduler: {}', 'scheduler:\n  extraVolumes:\n  - name: policy\n    hostPath: /etc/policy-cp-2\n    mountPath: /policy'),
      ),
    ),
    'shared-name-of-one-node',
    'warning',
    'scheduler.extraVolumes.0.hostPath is /etc/policy-cp-2, which names cp-2',
  ],
  [
    'no cluster-info',
    broken((draft) => {
      delete cluster(draft).configMaps['kube-public/cluster-info'];
    }),
    'shared-object-broken',
    'warning',
    'ConfigMap kube-public/cluster-info, kubeconfig: there is none',
  ],
  ['a kubelet-config that is no YAML', broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, () => 'a: [b\nc: }')), 'shared-object-broken', 'error', 'kubelet: line'],
  [
    'a dead member among the endpoints of kubeadm-config',
    foreign((draft) => {
      setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('https://10.89.0.13:2379', 'https://10.89.0.99:2379'));
    }),
    'shared-etcd-endpoints',
    'error',
    'is https://10.89.0.99:2379, where no member is',
  ],
  [
    'a version in kubeadm-config that runs nowhere',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('v1.36.3', 'v1.36.1'))),
    'kubeadm-config-version',
    'warning',
    'is v1.36.1; the API servers run 1.36.3',
  ],
];
