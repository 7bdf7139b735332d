import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CertificateFact, HostFacts, LockFact } from '../facts/host-facts.ts';
import { hostScript } from '../facts/observe/host-script.ts';
import { parseCluster } from '../facts/observe/parse-cluster.ts';
import { parseHost } from '../facts/observe/parse-host.ts';
import { mergeProbes } from '../facts/probe-request.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import { anyCluster, anyHost, memberFact, nodeFact } from '../facts/testing/fact-arbitraries.ts';
import { known, unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { encodeCluster, encodeNoCluster } from './encode-cluster.ts';
import { askedBy, encodeHost } from './encode-host.ts';

const requests: readonly ProbeRequest[] = [
  { probe: 'file', path: '/etc/hosts', text: true },
  { probe: 'file', path: '/etc/kubernetes/admin.conf', text: false },
  { probe: 'unit', unit: 'kubelet.service' },
  { probe: 'sysctl', name: 'net.ipv4.ip_forward' },
  { probe: 'package', name: 'haproxy' },
];
const probes = mergeProbes(requests);
const certificate: CertificateFact = {
  subject: 'CN=kube-apiserver',
  issuer: 'CN=kubernetes',
  names: ['cp-1', 'api.demo.kubewright.internal'],
  addresses: ['10.0.0.11', '10.96.0.1'],
  notAfter: '2036-11-23T18:56:29.000Z',
  fingerprint: '',
};
const lock: LockFact = { token: 4, runId: 'r', owner: 'ops@desk pid 7', since: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:00:30Z', isHeld: true };
const more: Partial<HostFacts> = {
  identity: { hostname: 'cp-1', machineId: 'm', productUuid: known('u'), macs: ['f6:2f'], sshHostKeys: ['ssh-ed25519 AAAA'] },
  addresses: [{ interface: 'host0', address: '10.0.0.11', prefixLength: 24 }],
  processes: [{ name: 'kubelet', pid: 7, startTicks: 9, args: ['/usr/local/bin/kubelet', '--node-ip=10.0.0.11'] }],
  podHosts: { 'uid-1': '127.0.0.1 localhost\n' },
  runs: [
    { runId: 'r', stepId: 'cp-1/join', token: 4, state: 'running' },
    { runId: 'r', stepId: 'cluster/dns', token: 4, state: 'ended', exitCode: 0 },
  ],
  lock,
};

/** What facts are after a look: the bytes of a file only where they were asked for, a container's uuid unknown. */
function seen(facts: HostFacts): HostFacts {
  const files = Object.entries(facts.files).map(([path, file]) => {
    if (file.type !== 'file' || path === '/etc/hosts') return [path, file];
    const { text: _text, ...rest } = file;
    return [path, rest];
  });
  const { container } = facts.platform;
  const productUuid = container === 'none' ? facts.identity.productUuid : unknown(`in a container (${container}) it is the host's`);
  return { ...facts, files: Object.fromEntries(files), identity: { ...facts.identity, productUuid } };
}

it('the answer of a simulated machine is read as the facts that it is made of', () => {
  const anyFacts = anyHost('cp-1', requests).map((facts): HostFacts => ({ ...facts, ...more, kubeconfigs: {}, certificates: {} }));
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const script = hostScript(probes, ':');
      const read = parseHost(encodeHost(facts, askedBy(script)), probes);
      expect(read).toEqual(seen(facts));
    }),
    { numRuns: 50 },
  );
});

it('certificates and kubeconfigs are read as what they say', () => {
  const facts = {
    ...fc.sample(anyHost('cp-1', requests), 1)[0]!,
    certificates: { '/etc/kubernetes/pki/apiserver.crt': certificate },
    kubeconfigs: { '/etc/kubernetes/admin.conf': { server: 'https://x:7443', clientCertificate: certificate } },
  };
  const { certificates, kubeconfigs } = parseHost(
    encodeHost(
      facts,
      askedBy(
        hostScript(
          mergeProbes([
            { probe: 'certificate', path: '/etc/kubernetes/pki/apiserver.crt' },
            { probe: 'kubeconfig', path: '/etc/kubernetes/admin.conf' },
          ]),
          ':',
        ),
      ),
    ),
    probes,
  );
  expect({ ...certificates['/etc/kubernetes/pki/apiserver.crt'], fingerprint: '' }).toEqual(certificate);
  expect(kubeconfigs['/etc/kubernetes/admin.conf']).toMatchObject({ server: 'https://x:7443', clientCertificate: { names: certificate.names, addresses: certificate.addresses } });
});

it('the answer of a simulated cluster is read as the facts that it is made of', () => {
  const workloads = ['kube-system/Deployment/coredns', 'kube-flannel/DaemonSet/kube-flannel-ds'];
  fc.assert(
    fc.property(anyCluster(['cp-1', 'w-1'], workloads), (facts) => {
      const labelled = Object.fromEntries(
        Object.entries(facts.nodes).map(([name, node]) => [
          name,
          { ...node, labels: { ...node.labels, ...(node.isControlPlane && { 'node-role.kubernetes.io/control-plane': '' }) } },
        ]),
      );
      const members =
        facts.etcdMembers.state === 'known'
          ? facts.etcdMembers.value.map((member, index) => ({ ...member, id: member.id.replace(/^0+/, ''), clientURLs: [`https://${index}:2379`] }))
          : [];
      // Figures that go together: what is rolled out is ready.
      const settled = Object.fromEntries(
        Object.entries(facts.workloads).map(([name, workload]) => [name, workload.isRolledOut ? { ...workload, ready: workload.desired } : workload]),
      );
      const whole = { ...facts, nodes: labelled, etcdMembers: known(members), workloads: settled };
      expect(parseCluster(encodeCluster(whole), laneId('cp-1'))).toEqual(known(whole));
    }),
    { numRuns: 50 },
  );
});

it('etcd without quorum, and an API server that is not ready, are unknown', () => {
  const facts = { via: laneId('cp-1'), uid: 'u', version: 'v1', nodes: { 'cp-1': nodeFact('cp-1') }, configMaps: {}, apiEndpoints: [], workloads: {}, bootstrapTokens: [] };
  const read = parseCluster(encodeCluster({ ...facts, etcdMembers: unknown('deadline exceeded') }), laneId('cp-1'));
  expect(read).toMatchObject({ state: 'known', value: { etcdMembers: unknown('deadline exceeded') } });
  expect(parseCluster(encodeNoCluster('connection refused'), laneId('cp-1'))).toEqual(unknown('cp-1: connection refused'));
  expect(parseCluster(encodeCluster({ ...facts, etcdMembers: known([memberFact('cp-1', { isLeader: true, clientURLs: ['https://a:2379'] })]) }), laneId('cp-1'))).toMatchObject({
    value: { etcdMembers: { value: [{ isLeader: true, isHealthy: true }] } },
  });
});
