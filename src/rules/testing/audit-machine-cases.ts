import { unknown } from '../../plan/fact.ts';
import type { AuditCase } from './audit-case.ts';
import { KUBEADM_CONFIG, broken, cluster, foreign, manifest, members, on, setConfigMap, setFlag } from './audit-changes.ts';

const ADMIN = '/etc/kubernetes/admin.conf';

/** One thing on one machine that is not as it should be. */
export const machineCases: readonly AuditCase[] = [
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
    'an admin.conf that leads to another control plane',
    broken((draft) => {
      on(draft, 'cp-2').kubeconfigs[ADMIN]!.server = 'https://10.88.210.11:6443';
    }),
    'admin-conf-of-one-node',
    'warning',
    `cp-2: ${ADMIN}:5: server https://10.88.210.11:6443`,
  ],
  [
    'an admin.conf that leads to a machine where nobody answers',
    broken((draft) => {
      on(draft, 'cp-2').kubeconfigs[ADMIN]!.server = 'https://10.88.210.99:6443';
      on(draft, 'cp-2').answers['https://10.88.210.99:6443'] = false;
    }),
    'admin-conf-of-one-node',
    'error',
    'where nobody answers',
  ],
  [
    'a worker that hangs on one control plane',
    broken((draft) => {
      on(draft, 'w-1').kubeconfigs['/etc/kubernetes/kubelet.conf']!.server = 'https://10.88.210.11:6443';
    }),
    'kubelet-of-one-node',
    'warning',
    'the address of cp-1',
  ],
  [
    "a scheduler with another's API server",
    broken((draft) => {
      on(draft, 'cp-2').kubeconfigs['/etc/kubernetes/scheduler.conf']!.server = 'https://10.88.210.13:6443';
    }),
    'controller-of-one-node',
    'warning',
    'the address of cp-3',
  ],
  [
    'an upstream of nobody',
    broken((draft) => {
      on(draft, 'w-1').balancers[0]!.upstreams = [...on(draft, 'w-1').balancers[0]!.upstreams, { text: '10.88.210.14:6443', line: 30 }];
    }),
    'balancer-upstreams-stale',
    'error',
    'upstream 10.88.210.14:6443 is the address of no machine',
  ],
  [
    'an upstream missing',
    broken((draft) => {
      on(draft, 'w-1').balancers[0]!.upstreams = on(draft, 'w-1').balancers[0]!.upstreams.slice(1);
    }),
    'balancer-upstreams-stale',
    'warning',
    'has no upstream 10.88.210.11, the control plane cp-1',
  ],
  [
    'an upstream missing, of a control plane whose API server has an address of its own',
    broken((draft) => {
      on(draft, 'cp-2').interfaces.push({ name: 'eth1', mac: '02:00:00:00:99:02', addresses: ['10.89.0.12'], floating: [] });
      on(draft, 'cp-2').certificates['/etc/kubernetes/pki/apiserver.crt']!.addresses.push('10.89.0.12');
      manifest(draft, 'cp-2', 'kube-apiserver').advertisedEndpoint = '10.89.0.12:6443';
      on(draft, 'w-1').balancers[0]!.upstreams = on(draft, 'w-1').balancers[0]!.upstreams.filter(({ text }) => !text.startsWith('10.88.210.12:'));
    }),
    'balancer-upstreams-stale',
    'warning',
    'has no upstream 10.89.0.12, the control plane cp-2',
  ],
  [
    'a mounted path that is missing',
    broken((draft) => {
      manifest(draft, 'cp-2', 'kube-apiserver').hostPaths = [{ path: '/etc/pki/ca-trust', line: 60, isMade: false }];
      on(draft, 'cp-2').files['/etc/pki/ca-trust'] = { type: 'absent' };
    }),
    'host-path-missing',
    'error',
    'kube-apiserver.yaml:60: mounts /etc/pki/ca-trust',
  ],
  [
    'a key that is missing',
    broken((draft) => {
      on(draft, 'cp-2').files['/etc/kubernetes/pki/apiserver.key'] = { type: 'absent' };
      on(draft, 'cp-2').publicKeys['/etc/kubernetes/pki/apiserver.key'] = unknown('there is no such file');
    }),
    'host-path-missing',
    'error',
    '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key does not exist',
  ],
  [
    'a resolver file that is missing',
    broken((draft) => {
      on(draft, 'w-1').files['/etc/resolv.conf'] = { type: 'absent' };
    }),
    'kubelet-resolver-missing',
    'error',
    'config.yaml:18: resolvConf is /etc/resolv.conf',
  ],
  [
    'super-admin.conf left',
    broken((draft) => {
      on(draft, 'cp-1').directories['/etc/kubernetes'] = ['admin.conf', 'super-admin.conf'];
    }),
    'super-admin-conf',
    'warning',
    'cp-1: /etc/kubernetes/super-admin.conf exists',
  ],
  [
    'super-admin.conf in the pod of a virtual address',
    broken((draft) => {
      on(draft, 'cp-1').directories['/etc/kubernetes'] = ['admin.conf', 'super-admin.conf'];
      on(draft, 'cp-1').manifests = [
        ...on(draft, 'cp-1').manifests,
        {
          path: '/etc/kubernetes/manifests/kube-vip.yaml',
          type: 'pod',
          name: 'kube-vip',
          component: 'kube-vip',
          image: 'kube-vip',
          args: [],
          environment: [],
          hostPaths: [{ path: '/etc/kubernetes/super-admin.conf', line: 33, isMade: false }],
        },
      ];
    }),
    'super-admin-in-pod',
    'warning',
    'kube-vip.yaml:33 mounts super-admin.conf',
  ],
  [
    "a list of machines in the runtime's NO_PROXY",
    broken((draft) => {
      on(draft, 'w-1').processes.find(({ component }) => component === 'containerd')!.environment = { NO_PROXY: 'localhost,10.88.210.11,10.88.210.12,10.88.210.21' };
    }),
    'runtime-no-proxy-list',
    'warning',
    'lists 3 machines and not cp-3',
  ],
  [
    'a unit that does not let a control plane in',
    broken((draft) => {
      on(draft, 'w-1').units['kubelet.service']!.allowedAddresses = ['127.0.0.0/8', '10.88.210.11', '10.88.210.12'];
    }),
    'unit-allow-list-stale',
    'error',
    'not 10.88.210.13, the address of cp-3',
  ],
  [
    'a join configuration left',
    broken((draft) => {
      on(draft, 'w-1').joinFiles = [{ path: '/etc/kubernetes/join.conf', endpoint: { text: '10.88.210.11:6443', line: 6 }, skipsVerification: undefined }];
    }),
    'join-file-left',
    'notice',
    'join.conf:6: apiServerEndpoint 10.88.210.11:6443',
  ],
  [
    'a join that believed everybody',
    broken((draft) => {
      on(draft, 'w-1').joinFiles = [{ path: '/etc/kubernetes/join.conf', endpoint: undefined, skipsVerification: { text: 'true', line: 8 } }];
    }),
    'join-insecure',
    'warning',
    'join.conf:8',
  ],
  [
    'a kubeconfig that believes everybody',
    broken((draft) => {
      on(draft, 'w-1').kubeconfigs['/etc/kubernetes/kubelet.conf']!.skipsVerification = true;
    }),
    'join-insecure',
    'warning',
    'insecure-skip-tls-verify',
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
