import { describe, expect, it } from 'vitest';
import { NOW, kubespray } from '../testing/audit-healthy.ts';
import { auditFindings } from './audit-rules.ts';

/** Code, severity and node of each finding, with its evidence. */
function seen(state: 'healthy' | 'after-removal'): readonly (readonly [code: string, severity: string, node: string | undefined, evidence: string])[] {
  return auditFindings(kubespray(state), NOW).findings.map(({ code, severity, node, evidence }) => [code, severity, node, evidence.join('\n')]);
}

describe('a fresh cluster of Kubespray', () => {
  it('has these weaknesses, and nothing that is dead', () => {
    expect(seen('healthy').map(([code, severity, node]) => [severity, code, ...(node === undefined ? [] : [node])].join(' '))).toEqual([
      'warning endpoint-of-one-node',
      'warning cluster-info-of-one-node',
      'warning admin-conf-of-one-node',
      'warning shared-etcd-client-certificate',
      'warning hostname-override-shared',
      'warning certificate-endless',
      // k2 and k3 joined without checking the CA: kubeadm-controlplane.yaml of both says so.
      'warning join-insecure k2',
      'warning join-insecure k3',
      'warning super-admin-conf k1',
      'notice etcd-members-by-position',
      'notice join-file-left',
    ]);
  });

  it.each([
    [
      'the client certificate for etcd named after the first node, on all API servers',
      'shared-etcd-client-certificate',
      [/node-k1\.pem, named after k1/, /k2: .*kube-apiserver\.yaml:\d+: --etcd-certfile=\/etc\/ssl\/etcd\/ssl\/node-k1\.pem/, /k3: /],
    ],
    ['admin.conf naming the first control plane', 'admin-conf-of-one-node', [/k2: \/etc\/kubernetes\/admin\.conf:5: server https:\/\/10\.89\.0\.11:6443/, /k3: /]],
    ['cluster-info naming it', 'cluster-info-of-one-node', [/https:\/\/10\.89\.0\.11:6443: 10\.89\.0\.11, the address of k1/]],
    ['controlPlaneEndpoint naming it', 'endpoint-of-one-node', [/controlPlaneEndpoint is 10\.89\.0\.11:6443/]],
    ['hostnameOverride of the first node', 'hostname-override-shared', [/hostnameOverride is k1/]],
    ['super-admin.conf on one node', 'super-admin-conf', [/k1: \/etc\/kubernetes\/super-admin\.conf/]],
    ['certificates of 100 years', 'certificate-endless', [/k1: .* for 100 years, until 2126/, /k3: /]],
  ])('%s', (_, code, patterns) => {
    const evidence = seen('healthy').find(([found]) => found === code)?.[3] ?? '';
    for (const pattern of patterns) expect(evidence).toMatch(pattern);
  });

  it('reads the configuration that the kubelet reads, not the other one', () => {
    const { machines } = kubespray('healthy');
    for (const { facts } of machines)
      expect(facts).toMatchObject({
        value: { kubeletConfig: { value: { path: '/etc/kubernetes/kubelet-config.yaml', fields: { address: { text: expect.stringMatching(/^10\.89/) as string } } } } },
      });
  });
});

describe('the same after a control plane was removed', () => {
  it('holds what is dead and in use as errors', () => {
    expect(seen('after-removal').map(([code, severity, node]) => [severity, code, ...(node === undefined ? [] : [node])].join(' '))).toEqual([
      'error etcd-servers-stale',
      'error shared-etcd-endpoints',
      'error balancer-upstreams-stale k4',
      'warning etcd-even-members',
      'warning endpoint-of-one-node',
      'warning cluster-info-of-one-node',
      'warning admin-conf-of-one-node k2',
      'warning shared-etcd-client-certificate',
      'warning hostname-override-shared',
      'warning cert-sans-stale',
      'warning certificate-of-departed k1',
      'warning certificate-of-departed k2',
      'warning certificate-endless',
      'warning join-insecure k2',
      'warning super-admin-conf k1',
      'notice etcd-initial-cluster-stale',
      'notice etcd-members-by-position',
      'notice join-file-left',
    ]);
  });

  it.each([
    ['the dead member in --etcd-servers of the others', 'etcd-servers-stale', [/k1: .*kube-apiserver\.yaml:22: .* holds 10\.89\.0\.13/, /k2: /]],
    ['in the endpoints of kubeadm-config', 'shared-etcd-endpoints', [/etcd\.external\.endpoints\.2 is https:\/\/10\.89\.0\.13:2379/]],
    ['in the names of kubeadm-config', 'cert-sans-stale', [/is 10\.89\.0\.13/, /is k3/]],
    ["in the API servers' certificates", 'certificate-of-departed', [/apiserver\.crt carries k3, 10\.89\.0\.13/]],
    ['its certificate files on other nodes', 'certificate-of-departed', [/member-k3\.pem/, /node-k3\.pem/]],
    ['in ETCD_INITIAL_CLUSTER', 'etcd-initial-cluster-stale', [/k1: \/etc\/etcd\.env:14: holds etcd3=https:\/\/10\.89\.0\.13:2380/, /k2: /]],
    ["in the workers' upstreams", 'balancer-upstreams-stale', [/nginx\.conf:18 \(nginx\): upstream 10\.89\.0\.13:6443/]],
    ['two members, any one loss of which is fatal', 'etcd-even-members', [/2 members \(etcd1, etcd2\): 2 must be there, none may fail/]],
  ])('%s', (_, code, patterns) => {
    const evidence = seen('after-removal').find(([found]) => found === code)?.[3] ?? '';
    for (const pattern of patterns) expect(evidence).toMatch(pattern);
  });

  it('speaks of the worker that is there as of none that is gone', () => {
    const told = seen('after-removal').filter(([code]) => code === 'certificate-of-departed');
    for (const [, , , evidence] of told) expect(evidence).not.toContain('k4');
  });
});
