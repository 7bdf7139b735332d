import { foreign as foreignText } from '../../model/foreign.ts';
import { known } from '../../plan/fact.ts';
import type { AuditCase } from './audit-case.ts';
import { broken, changed, cluster, foreign, members, on } from './audit-changes.ts';

import { ourCluster } from './audit-healthy.ts';

const PKI = '/etc/kubernetes/pki';

/** One thing of the whole cluster, or of its certificates. */
export const clusterCases: readonly AuditCase[] = [
  [
    'a restart that a run owes',
    broken((draft) => {
      const workload = cluster(draft).workloads['kube-system/DaemonSet/kube-proxy'];
      if (workload !== undefined) workload.restartDue = 'd1';
    }),
    'workload-restart-due',
    'warning',
    'kube-system/DaemonSet/kube-proxy',
  ],
  [
    'an endpoint of nobody',
    broken((draft) => {
      cluster(draft).apiEndpoints = [...cluster(draft).apiEndpoints, '10.88.210.99'];
    }),
    'kubernetes-endpoints-foreign',
    'error',
    'hold 10.88.210.99',
  ],
  [
    'an endpoint missing',
    broken((draft) => {
      cluster(draft).apiEndpoints = ['10.88.210.11', '10.88.210.13'];
      on(draft, 'w-1');
    }),
    'kubernetes-endpoints-missing',
    'error',
    'without 10.88.210.12',
  ],
  [
    'a member without a node',
    broken((draft) => {
      const [first] = members(draft);
      const dead = (name: string, address: string) => ({
        ...first!,
        id: name,
        name,
        peerURLs: [`https://${address}:2380`],
        clientURLs: [`https://${address}:2379`],
        isHealthy: false,
        isLeader: false,
      });
      cluster(draft).etcdMembers = known([...members(draft), dead('cp-9', '10.88.210.19'), dead('cp-8', '10.88.210.18')]);
    }),
    'etcd-member-without-node',
    'error',
    'member cp-9 (cp-9) at https://10.88.210.19:2380 runs on no node',
  ],
  [
    'an unhealthy member',
    broken((draft) => {
      members(draft)[2]!.isHealthy = false;
    }),
    'etcd-member-unhealthy',
    'error',
    'member cp-3',
  ],
  ['two members', changed(ourCluster(2, 1), () => undefined), 'etcd-even-members', 'warning', '2 members (cp-1, cp-2): 2 must be there, none may fail'],
  [
    'a control plane without a member',
    changed(ourCluster(4, 1), (draft) => {
      cluster(draft).etcdMembers = known(members(draft).slice(0, 3));
    }),
    'control-plane-without-member',
    'error',
    'etcd has no member named cp-4',
  ],
  [
    'a learner',
    broken((draft) => {
      members(draft)[2]!.isLearner = true;
    }),
    'etcd-learner',
    'warning',
    'member cp-3 (a2) at https://10.88.210.13:2380 is a learner',
  ],
  [
    'CoreDNS on one machine',
    broken((draft) => {
      cluster(draft).workloads['kube-system/Deployment/coredns']!.podNodes = ['w-1', 'w-1'];
    }),
    'coredns-on-one-node',
    'warning',
    'all 2 pods run on w-1',
  ],
  [
    'one replica of CoreDNS',
    broken((draft) => {
      Object.assign(cluster(draft).workloads['kube-system/Deployment/coredns']!, { podNodes: ['w-1'], ready: 1, desired: 1 });
    }),
    'coredns-on-one-node',
    'warning',
    'its one pod runs on w-1',
  ],
  [
    'no CoreDNS',
    broken((draft) => {
      Object.assign(cluster(draft).workloads['kube-system/Deployment/coredns']!, { ready: 0 });
    }),
    'coredns-on-one-node',
    'error',
    '0 of 2 pods are ready',
  ],
  [
    'endpoints for metrics of two of three',
    broken((draft) => {
      cluster(draft).manualEndpoints = [{ name: 'etcd-metrics', addresses: ['10.88.210.11', '10.88.210.12'] }];
    }),
    'manual-endpoints-stale',
    'warning',
    'EndpointSlice kube-system/etcd-metrics lists cp-1, cp-2 and not cp-3',
  ],
  [
    'a network plugin that asks a dead member',
    foreign((draft) => {
      cluster(draft).configMaps['kube-system/calico-config'] = { etcd_endpoints: foreignText('https://10.89.0.11:2379,https://10.89.0.99:2379') };
    }),
    'plugin-etcd-endpoints',
    'error',
    'holds https://10.89.0.99:2379',
  ],
  [
    'a token that expired',
    broken((draft) => {
      cluster(draft).tokens = known([{ id: 'abcdef', description: 'a join', expires: '2026-11-23T20:00:00Z' }]);
    }),
    'token-expired',
    'warning',
    'token abcdef (a join) expired at 2026-11-23T20:00:00Z',
  ],
  [
    'a token without an end',
    broken((draft) => {
      cluster(draft).tokens = known([{ id: 'abcdef', description: '', expires: undefined }]);
    }),
    'token-endless',
    'warning',
    'token abcdef has no expiration',
  ],
  [
    'a certificate that ends soon',
    broken((draft) => {
      on(draft, 'cp-1').certificates[`${PKI}/apiserver.crt`]!.notAfter = '2026-12-20T00:00:00.000Z';
    }),
    'certificate-expiry',
    'warning',
    'expires in 26 days',
  ],
  [
    'a certificate that has ended',
    broken((draft) => {
      on(draft, 'w-1').kubeconfigs['/etc/kubernetes/kubelet.conf']!.clientCertificate!.notAfter = '2026-11-20T00:00:00.000Z';
    }),
    'certificate-expiry',
    'error',
    'has been expired since',
  ],
  [
    'a certificate for a hundred years',
    broken((draft) => {
      on(draft, 'cp-1').certificates[`${PKI}/etcd/peer.crt`]!.notAfter = '2126-11-20T00:00:00.000Z';
    }),
    'certificate-endless',
    'warning',
    'for 100 years',
  ],
  [
    "a certificate without its machine's address",
    broken((draft) => {
      on(draft, 'cp-2').certificates[`${PKI}/apiserver.crt`]!.addresses = ['10.96.0.1'];
    }),
    'certificate-names-missing',
    'error',
    'apiserver.crt lacks 10.88.210.12',
  ],
  [
    "a certificate without the endpoint's name",
    broken((draft) => {
      const crt = on(draft, 'cp-2').certificates[`${PKI}/apiserver.crt`]!;
      crt.names = crt.names.filter((name) => !name.startsWith('api.'));
    }),
    'certificate-names-missing',
    'error',
    'lacks api.dev.kubewright.internal',
  ],
  [
    'a peer certificate without its address',
    broken((draft) => {
      on(draft, 'cp-3').certificates[`${PKI}/etcd/peer.crt`]!.addresses = ['127.0.0.1'];
    }),
    'certificate-names-missing',
    'error',
    'peer.crt lacks 10.88.210.13',
  ],
  [
    'a key of another certificate',
    broken((draft) => {
      on(draft, 'cp-2').publicKeys[`${PKI}/apiserver.key`] = known('f'.repeat(64));
    }),
    'certificate-key-mismatch',
    'error',
    'apiserver.key is of sha256:ffffffffffffffff',
  ],
  [
    'a certificate of another authority',
    broken((draft) => {
      on(draft, 'cp-2').certificates[`${PKI}/etcd/server.crt`]!.signedBy = [];
    }),
    'certificate-foreign-authority',
    'error',
    'etcd/server.crt (issuer CN=etcd-ca) is not signed by',
  ],
  [
    'another authority on one machine',
    broken((draft) => {
      on(draft, 'w-1').certificates[`${PKI}/ca.crt`]!.fingerprint = 'e'.repeat(64);
    }),
    'authority-differs',
    'error',
    'sha256:eeeeeeeeeeeeeeee in w-1',
  ],
  [
    'another key for tokens',
    broken((draft) => {
      on(draft, 'cp-2').publicKeys[`${PKI}/sa.key`] = known('d'.repeat(64));
    }),
    'service-account-key-differs',
    'error',
    'cp-2: kube-apiserver --service-account-signing-key-file',
  ],
  [
    'a certificate of a machine that is gone',
    broken((draft) => {
      cluster(draft).pods = [...cluster(draft).pods, { name: 'kube-proxy-zz', node: 'cp-9', hostIP: '10.88.210.19' }];
      const crt = on(draft, 'cp-1').certificates[`${PKI}/apiserver.crt`]!;
      crt.addresses = [...crt.addresses, '10.88.210.19'];
    }),
    'certificate-of-departed',
    'warning',
    'apiserver.crt carries 10.88.210.19',
  ],
];
