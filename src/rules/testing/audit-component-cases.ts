import type { AuditCase } from './audit-case.ts';
import { KUBEADM_CONFIG, broken, cluster, foreign, manifest, members, on, setConfigMap, setFlag } from './audit-changes.ts';

/** One thing of a component that runs on one machine, of its manifest, or of its member of etcd. */
export const componentCases: readonly AuditCase[] = [
  [
    "another's advertise-address in one manifest",
    broken((draft) => setFlag(draft, 'cp-2', ['kube-apiserver', 'advertise-address'], '10.88.210.11')),
    'advertise-address-foreign',
    'error',
    '--advertise-address=10.88.210.11, the address of cp-1',
  ],
  [
    "another's advertise-address in one manifest that the kubelet has not taken yet",
    broken((draft) => {
      const pod = manifest(draft, 'cp-2', 'kube-apiserver');
      pod.args = pod.args.map(({ text, line }) => ({ text: text.startsWith('--advertise-address=') ? '--advertise-address=10.88.210.11' : text, line }));
    }),
    'advertise-address-foreign',
    'error',
    'kube-apiserver.yaml',
  ],
  [
    'a manifest that is no YAML',
    broken((draft) => {
      on(draft, 'cp-1').manifests = [...on(draft, 'cp-1').manifests, { path: '/etc/kubernetes/manifests/etcd.yaml.bak', type: 'broken', why: 'line 3: bad' }];
    }),
    'manifest-broken',
    'error',
    'etcd.yaml.bak: line 3: bad',
  ],
  [
    'a manifest that is not what runs',
    broken((draft) => {
      manifest(draft, 'cp-2', 'kube-scheduler').args = [...manifest(draft, 'cp-2', 'kube-scheduler').args, { text: '--v=4', line: 21 }];
    }),
    'manifest-not-running',
    'warning',
    'kube-scheduler.yaml:21: --v=4; kube-scheduler runs with no --v',
  ],
  [
    'a component that does not run',
    broken((draft) => {
      on(draft, 'cp-2').processes = on(draft, 'cp-2').processes.filter(({ component }) => component !== 'kube-scheduler');
    }),
    'manifest-not-running',
    'error',
    'no kube-scheduler runs',
  ],
  [
    'one control plane with a flag of its own',
    broken((draft) => setFlag(draft, 'cp-2', ['kube-apiserver', 'event-ttl'], '2h')),
    'manifests-differ',
    'warning',
    'kube-apiserver --event-ttl: cp-1 not given, cp-2 2h, cp-3 not given',
  ],
  [
    'encryption keys that differ',
    broken((draft) => {
      ['cp-1', 'cp-2', 'cp-3'].forEach((name, index) => {
        setFlag(draft, name, ['kube-apiserver', 'encryption-provider-config'], '/etc/kubernetes/pki/enc.yaml');
        on(draft, name).files['/etc/kubernetes/pki/enc.yaml'] = { type: 'file', sha256: String(Math.min(index, 1)).repeat(64) };
      });
    }),
    'control-plane-files-differ',
    'error',
    'kube-apiserver --encryption-provider-config=/etc/kubernetes/pki/enc.yaml has sha256 1111',
  ],
  [
    'a control plane of another version',
    broken((draft) => {
      manifest(draft, 'cp-3', 'kube-apiserver').image = 'registry.k8s.io/kube-apiserver:v1.35.2';
      for (const node of Object.values(cluster(draft).nodes)) node.kubeletVersion = 'v1.35.2';
    }),
    'version-skew',
    'warning',
    'API server of cp-3: 1.35.2',
  ],
  [
    'a kubelet too old',
    broken((draft) => {
      cluster(draft).nodes['w-1']!.kubeletVersion = 'v1.31.0';
    }),
    'version-skew',
    'error',
    'kubelet of w-1: 1.31.0',
  ],
  [
    'a kubelet too new',
    broken((draft) => {
      cluster(draft).nodes['w-1']!.kubeletVersion = 'v1.37.0';
    }),
    'version-skew',
    'error',
    'must not be newer',
  ],
  [
    'an API server that asks a dead member',
    foreign((draft) => setFlag(draft, 'k2', ['kube-apiserver', 'etcd-servers'], 'https://10.89.0.12:2379,https://10.89.0.99:2379')),
    'etcd-servers-stale',
    'error',
    'holds 10.89.0.99',
  ],
  [
    "an API server that asks one other's member",
    broken((draft) => setFlag(draft, 'cp-2', ['kube-apiserver', 'etcd-servers'], 'https://10.88.210.11:2379')),
    'etcd-servers-stale',
    'warning',
    'is one of 3 members, on another machine',
  ],
  [
    "another's peer URL",
    broken((draft) => {
      members(draft)[1]!.peerURLs = ['https://10.88.210.99:2380'];
    }),
    'etcd-url-foreign',
    'error',
    'etcd knows the peer URL https://10.88.210.99:2380',
  ],
  [
    'a member started with a foreign URL',
    broken((draft) => setFlag(draft, 'cp-2', ['etcd', 'advertise-client-urls'], 'https://10.88.210.99:2379')),
    'etcd-url-foreign',
    'error',
    '--advertise-client-urls holds https://10.88.210.99:2379',
  ],
  [
    'a second member of one name',
    broken((draft) => {
      members(draft)[1]!.name = 'cp-1';
    }),
    'same-etcd-identity',
    'error',
    'two members are called cp-1',
  ],
  [
    'the initial cluster of a member names one that is gone',
    broken((draft) => setFlag(draft, 'cp-3', ['etcd', 'initial-cluster'], 'cp-1=https://10.88.210.11:2380,cp-0=https://10.88.210.10:2380,cp-3=https://10.88.210.13:2380')),
    'etcd-initial-cluster-stale',
    'notice',
    'holds cp-0=https://10.88.210.10:2380',
  ],
  [
    'a key on one control plane alone',
    broken((draft) => {
      for (const name of ['cp-2', 'cp-3']) on(draft, name).directories['/etc/kubernetes/pki/etcd'] = ['ca.crt'];
    }),
    'ca-key-on-one-node',
    'warning',
    'cp-1 has the key of the authority of etcd',
  ],
  [
    'a cluster that another deployer made',
    broken((draft) => {
      for (const { name } of draft.machines) on(draft, name).marks = ['/etc/kubeone'];
    }),
    'maker-unproven',
    'notice',
    'KubeOne',
  ],
  [
    'no kubeadm',
    broken((draft) => {
      for (const { name } of draft.machines) on(draft, name).marks = [];
      delete cluster(draft).configMaps[KUBEADM_CONFIG[0]];
    }),
    'maker-unproven',
    'notice',
    'without kubeadm',
  ],
  [
    'a name on certSANs of a machine that is gone',
    foreign((draft) => {
      setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('- k3\n', '- k9\n'));
      cluster(draft).pods = [...cluster(draft).pods, { name: 'kube-proxy-x', node: 'k9', hostIP: '10.89.0.19' }];
    }),
    'cert-sans-stale',
    'warning',
    'k9, of a machine that is none of this cluster',
  ],
];
