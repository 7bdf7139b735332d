import { unknown } from '../../plan/fact.ts';
import type { AuditCase } from './audit-case.ts';
import { broken, manifest, on } from './audit-changes.ts';

const ADMIN = '/etc/kubernetes/admin.conf';

/** One file or setting of one machine that is not as it should be. */
export const machineCases: readonly AuditCase[] = [
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
];
