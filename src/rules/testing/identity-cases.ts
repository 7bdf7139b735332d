import type { BrokenCase } from './broken-case.ts';
import * as broken from './broken-inputs.ts';
import { withCluster, withHost } from './healthy-snapshot.ts';

const APISERVER = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const ETCD = '/etc/kubernetes/manifests/etcd.yaml';
const HOSTS = '/etc/hosts';

/** A node that does not carry its own identity in one place. */
export const identityCases: readonly BrokenCase[] = [
  [
    "the first control plane's address advertised by another",
    broken.withFileText('cp-2', APISERVER, '--advertise-address=10.0.0.12', '--advertise-address=10.0.0.1'),
    'manifest-identity',
    'cp-2',
    "--advertise-address is 10.0.0.1, the node's own is 10.0.0.12",
  ],
  ['no address advertised', broken.withFileText('cp-1', APISERVER, '--advertise-address=10.0.0.1', '--other=x'), 'manifest-identity', 'cp-1', '--advertise-address is absent'],
  ["another member's name", broken.withFileText('cp-3', ETCD, '--name=cp-3', '--name=cp-1'), 'manifest-identity', 'cp-3', 'etcd --name is cp-1'],
  [
    "another member's peer URL",
    broken.withFileText('cp-3', ETCD, '--initial-advertise-peer-urls=https://10.0.0.13', '--initial-advertise-peer-urls=https://10.0.0.1'),
    'manifest-identity',
    'cp-3',
    '--initial-advertise-peer-urls is https://10.0.0.1:2380',
  ],
  [
    "another node's address in any flag",
    broken.withFileText('cp-3', APISERVER, 'https://127.0.0.1:2379', 'https://10.0.0.1:2379'),
    'manifest-identity',
    'cp-3',
    '--etcd-servers holds 10.0.0.1, the address of cp-1',
  ],
  ['a manifest missing', withHost('cp-2', ({ files }) => ({ files: { ...files, [ETCD]: { type: 'absent' } } })), 'manifest-identity', 'cp-2', 'etcd.yaml is absent'],
  ['a manifest that is no pod', broken.withFileText('cp-2', ETCD, 'spec:', 'spek: ['), 'manifest-identity', 'cp-2', 'holds no pod'],
  [
    "a process with another's address",
    broken.withArgument('cp-2', 'kube-apiserver', '10.0.0.12', '10.0.0.1'),
    'process-identity',
    'cp-2',
    'kube-apiserver --advertise-address is 10.0.0.1',
  ],
  [
    'a process that does not run',
    withHost('cp-2', ({ processes }) => ({ processes: processes.filter(({ name }) => name !== 'etcd') })),
    'process-identity',
    'cp-2',
    'etcd does not run',
  ],
  [
    "a certificate without the node's own address",
    broken.withCertificate('cp-1', '/etc/kubernetes/pki/apiserver.crt', { addresses: ['10.96.0.1'] }),
    'serving-certificates',
    'cp-1',
    'apiserver.crt lacks 10.0.0.1',
  ],
  [
    "a certificate without the endpoint's name",
    broken.withCertificate('cp-1', '/etc/kubernetes/pki/apiserver.crt', { names: ['cp-1'] }),
    'serving-certificates',
    'cp-1',
    'lacks api.demo.kubewright.internal',
  ],
  [
    "a certificate with another control plane's address",
    broken.withCertificate('cp-2', '/etc/kubernetes/pki/apiserver.crt', { addresses: ['10.0.0.12', '10.0.0.1'] }),
    'serving-certificates',
    'cp-2',
    'holds 10.0.0.1, the address of cp-1',
  ],
  [
    "a peer certificate with another's name",
    broken.withCertificate('cp-2', '/etc/kubernetes/pki/etcd/peer.crt', { names: ['cp-2', 'cp-3'] }),
    'serving-certificates',
    'cp-2',
    'peer.crt holds cp-3',
  ],
  [
    "a member with another's peer URL",
    broken.withMember('cp-3', { peerURLs: ['https://10.0.0.1:2380'] }),
    'etcd-member-identity',
    'cp-3',
    'peer URL of member cp-3 is https://10.0.0.1:2380',
  ],
  ['a member that does not serve clients', broken.withMember('cp-3', { clientURLs: [] }), 'etcd-member-identity', 'cp-3', 'client URL of member cp-3 is absent'],
  ["no member of the node's name", broken.withoutMember('cp-3'), 'etcd-member-identity', 'cp-3', 'etcd has no member named cp-3'],
  ["a kubelet with another's address", broken.withArgument('w-1', 'kubelet', '10.0.0.21', '10.0.0.1'), 'node-address', 'w-1', 'kubelet --node-ip is 10.0.0.1'],
  ['a kubelet that does not run', withHost('w-1', () => ({ processes: [] })), 'node-address', 'w-1', 'kubelet does not run'],
  ["a node known by another's address", broken.withNode('w-1', { internalIPs: ['10.0.0.1'] }), 'node-address', 'w-1', 'InternalIP of the node is 10.0.0.1'],
  ['a node with two addresses', broken.withNode('w-1', { internalIPs: ['10.0.0.21', '10.0.0.22'] }), 'node-address', 'w-1', '10.0.0.21,10.0.0.22'],
  ['a control plane missing from the endpoints', withCluster({ apiEndpoints: ['10.0.0.12', '10.0.0.13'] }), 'api-endpoint-missing', 'cp-1', 'without 10.0.0.1'],
  [
    'a worker that hangs on one control plane',
    broken.withKubeconfig('w-1', '/etc/kubernetes/kubelet.conf', 'https://10.0.0.1:6443'),
    'kubeconfig-server',
    'w-1',
    'kubelet.conf is https://10.0.0.1:6443, expected https://api.demo.kubewright.internal:7443',
  ],
  [
    'an admin.conf that names one control plane',
    broken.withKubeconfig('cp-1', '/etc/kubernetes/admin.conf', 'https://10.0.0.1:6443'),
    'kubeconfig-server',
    'cp-1',
    'admin.conf is',
  ],
  [
    "a scheduler that uses another's API server",
    broken.withKubeconfig('cp-2', '/etc/kubernetes/scheduler.conf', 'https://10.0.0.1:6443'),
    'kubeconfig-server',
    'cp-2',
    'expected https://10.0.0.12:6443',
  ],
  [
    'a kubeconfig without a server',
    withHost('w-1', ({ kubeconfigs }) => ({ kubeconfigs: { ...kubeconfigs, '/etc/kubernetes/kubelet.conf': { ...kubeconfigs['/etc/kubernetes/kubelet.conf'], server: '' } } })),
    'kubeconfig-server',
    'w-1',
    'kubelet.conf',
  ],
  ["the endpoint's name absent", broken.withFileText('w-1', HOSTS, '127.0.0.1 api.demo.kubewright.internal', ''), 'endpoint-name', 'w-1', 'is absent in /etc/hosts'],
  ["the endpoint's name commented out", broken.withFileText('w-1', HOSTS, '127.0.0.1 api', '# 127.0.0.1 api'), 'endpoint-name', 'w-1', 'is absent'],
  ["the endpoint's name on one machine", broken.withFileText('w-1', HOSTS, '127.0.0.1 api', '10.0.0.1 api'), 'endpoint-name', 'w-1', 'is 10.0.0.1 in /etc/hosts'],
  [
    'a hostNetwork pod with an old hosts file',
    withHost('w-1', () => ({ podHosts: { 'uid-1': '# Kubernetes-managed hosts file (host network).\n10.0.0.1 api.demo.kubewright.internal\n' } })),
    'endpoint-name',
    'w-1',
    'the hosts file of pod uid-1',
  ],
  [
    'super-admin.conf left',
    withHost('cp-1', ({ files }) => ({ files: { ...files, '/etc/kubernetes/super-admin.conf': { type: 'file', sha256: '', sizeBytes: 1, mode: '600', owner: 'root:root' } } })),
    'super-admin-left',
    'cp-1',
    'exists',
  ],
];
