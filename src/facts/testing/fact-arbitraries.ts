import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { known, unknown } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import { bareHost } from '../bare-host.ts';
import type { BootstrapTokenFact, ClusterFacts, EtcdMemberFact, NodeFact, WorkloadFact } from '../cluster-facts.ts';
import type { CertificateFact, FileFact, HostFacts, PlatformFacts, UnitFact } from '../host-facts.ts';
import type { LedgerFacts } from '../ledger/ledger-facts.ts';
import type { ProbeRequest } from '../probe-request.ts';
import { mergeProbes } from '../probe-request.ts';
import type { WrittenName } from './written-machines.ts';
import { writtenPlatform } from './written-machines.ts';

const anySystem = fc.constantFrom<WrittenName>('Ubuntu 24.04', 'Rocky Linux 9', 'RHEL 9').map((name): Partial<PlatformFacts> => {
  const { osId, osLike, osVersion, osName } = writtenPlatform(name);
  return { osId, osLike, osVersion, osName };
});

const anyMachine: Arbitrary<Partial<PlatformFacts>> = fc.record({
  container: fc.constantFrom('none', 'systemd-nspawn', 'lxc'),
  cgroup: fc.constantFrom('v1', 'v2'),
  hasCapSysResource: fc.boolean(),
  openFilesHardLimit: fc.constantFrom(1024, 20_000, 1_048_576, Number.MAX_SAFE_INTEGER),
  isSwapOn: fc.boolean(),
  isResolvedActive: fc.boolean(),
  kernelModules: fc.subarray(['br_netfilter', 'overlay']),
  cpus: fc.integer({ min: 1, max: 128 }),
});

/** Any platform that the tool may meet: machines and containers, both cgroup hierarchies, more or fewer rights; of the distribution that bare machines have, or of another. */
export const anyPlatform: Arbitrary<Partial<PlatformFacts>> = fc.tuple(anyMachine, fc.option(anySystem, { nil: {} })).map(([machine, system]) => ({ ...machine, ...system }));

const anyDigest = fc.constantFrom('a', 'b', 'c').map(sha256);

const anyFile: Arbitrary<FileFact> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<FileFact>({ type: 'absent' }) },
  fc.record({
    type: fc.constant('file' as const),
    sha256: anyDigest,
    sizeBytes: fc.nat(),
    mode: fc.constantFrom('600', '644', '755'),
    owner: fc.constantFrom('root:root', 'haproxy:haproxy'),
    text: fc.constantFrom('127.0.0.1 localhost\n', '', 'no newline'),
  }),
  fc.constantFrom<FileFact>(
    { type: 'link', target: '/nowhere', targetSizeBytes: undefined },
    { type: 'link', target: '/usr/bin/true', targetSizeBytes: 7 },
    { type: 'directory', mode: '755', owner: 'root:root' },
  ),
);

const anyUnit: Arbitrary<UnitFact> = fc.record(
  {
    load: fc.constantFrom('loaded', 'not-found', 'masked'),
    active: fc.constantFrom('active', 'inactive', 'failed', 'activating'),
    enabled: fc.constantFrom('enabled', 'disabled', '', 'masked', 'static'),
    mainPid: fc.nat(),
    startedWith: fc.constantFrom('', '/etc/something absent\n'),
  },
  { requiredKeys: ['load', 'active', 'enabled', 'mainPid'] },
);

const anyCertificate: Arbitrary<CertificateFact> = fc.record({
  ...{ subject: fc.constant('CN=kube-apiserver'), issuer: fc.constant('CN=kubernetes'), notAfter: fc.constant('2027-01-01T00:00:00Z'), fingerprint: anyDigest },
  names: fc.subarray(['kubernetes', 'api.example']),
  addresses: fc.subarray(['10.96.0.1', '10.0.0.9']),
});

const each = <T>(names: readonly string[], value: Arbitrary<T>): Arbitrary<Readonly<Record<string, T>>> => fc.record(Object.fromEntries(names.map((name) => [name, value])));

const anyLedger: Arbitrary<LedgerFacts> = fc.record({
  items: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom('kubelet.service', 'b@x.service', 'network interfaces', 'packet filter tables', '/etc/hosts', '/var/lib/etcd'),
      what: fc.constantFrom('unit', 'links', 'chains', 'tables', 'file', 'tree', 'package'),
      existed: fc.boolean(),
      backup: fc.constant(''),
      was: fc.constantFrom('', 'enabled active', 'lo eth0'),
      written: fc.constant([]),
      now: fc.constantFrom('', 'enabled active', 'disabled inactive', 'cni0', '7', 'absent'),
      digest: fc.constant(''),
    }),
    { selector: ({ path }) => path },
  ),
  containers: fc.nat({ max: 3 }),
  others: fc.subarray(['moby/a1', 'default/b2']),
});

/** Any host that was asked these questions: every answer is there, whatever it says. */
export function anyHost(name: string, requests: readonly ProbeRequest[]): Arbitrary<HostFacts> {
  const probes = mergeProbes(requests);
  const bare = bareHost(name, requests);
  return fc
    .record({
      platform: anyPlatform,
      files: each(probes.files, anyFile),
      units: each(probes.units, anyUnit),
      sysctls: each(probes.sysctls, fc.constantFrom('0', '1', undefined)),
      packages: each(probes.packages, fc.constantFrom('1.0', undefined)),
      certificates: each(probes.certificates, anyCertificate),
      kubeconfigs: each(probes.kubeconfigs, fc.record({ server: fc.constantFrom('https://10.0.0.11:6443', '') })),
      images: fc.constantFrom(known({}), unknown('the container runtime did not answer'), known({ 'registry.k8s.io/pause:3.10.2': 'sha256:other' })),
      hasEtcdData: fc.boolean(),
      ...(probes.ledger && { ledger: anyLedger }),
    })
    .map(({ platform, ...facts }) => ({ ...bare, ...facts, platform: { ...bare.platform, ...platform } }));
}

export function nodeFact(name: string, fields: Partial<NodeFact> = {}): NodeFact {
  return { name, isReady: true, isControlPlane: false, internalIPs: [], labels: {}, annotations: {}, taints: [], podCIDR: '', kubeletVersion: 'v1.36.3', ...fields };
}

export function memberFact(name: string, fields: Partial<EtcdMemberFact> = {}): EtcdMemberFact {
  return { id: sha256(name).slice(0, 16), name, peerURLs: [`https://${name}.example:2380`], clientURLs: [], isLearner: false, isHealthy: true, isLeader: false, ...fields };
}

const anyTaint = fc.record({
  key: fc.constantFrom('dedicated', 'node-role.kubernetes.io/control-plane'),
  value: fc.constantFrom('', 'storage'),
  effect: fc.constantFrom('NoSchedule', 'NoExecute'),
});

function anyNode(name: string): Arbitrary<NodeFact> {
  return fc
    .record({
      isReady: fc.boolean(),
      isControlPlane: fc.boolean(),
      labels: fc.dictionary(fc.constantFrom('disk', 'zone', 'old'), fc.constantFrom('fast', 'a', '')),
      taints: fc.uniqueArray(anyTaint, { selector: ({ key, effect }) => `${key}:${effect}` }),
      annotations: fc.dictionary(fc.constantFrom('kubewright.dev/labels', 'kubewright.dev/taints'), fc.constantFrom('', 'old', 'disk,old', 'dedicated:NoExecute')),
    })
    .map((fields) => nodeFact(name, fields));
}

function anyMember(name: string): Arbitrary<EtcdMemberFact> {
  // A member that has not started yet has no name.
  return fc.record({ name: fc.constantFrom(name, ''), isLearner: fc.boolean(), isHealthy: fc.boolean() }).map((fields) => memberFact(name, fields));
}

const anyWorkload: Arbitrary<WorkloadFact> = fc.record(
  {
    annotations: fc.dictionary(fc.constant('kubewright.dev/applied'), fc.constantFrom('0123', '4567')),
    desired: fc.constant(2),
    ready: fc.nat({ max: 2 }),
    isRolledOut: fc.boolean(),
    podNodes: fc.constant([]),
    proxyVariables: fc.subarray(['HTTP_PROXY', 'no_proxy'], { minLength: 1 }),
  },
  { requiredKeys: ['annotations', 'desired', 'ready', 'isRolledOut', 'podNodes'] },
);

const anyToken: Arbitrary<BootstrapTokenFact> = fc.record({ id: fc.constantFrom('aaaaaa', 'bbbbbb'), description: fc.constantFrom('kubewright', 'somebody else') });

/** Any cluster of some of these nodes, with some of these workloads. */
export function anyCluster(names: readonly string[], workloads: readonly string[]): Arbitrary<ClusterFacts> {
  const some = <T>(keys: readonly string[], value: (key: string) => Arbitrary<T>) =>
    fc.subarray([...keys]).chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, value(key)])))) as Arbitrary<Readonly<Record<string, T>>>;
  return fc.record({
    via: fc.constant(laneId(names[0] ?? 'cp-1')),
    uid: fc.constant('uid'),
    version: fc.constant('v1.36.3'),
    nodes: some(names, anyNode),
    configMaps: fc.constantFrom({}, { 'kube-public/cluster-info': {} }),
    apiEndpoints: fc.constant([]),
    etcdMembers: some(names, anyMember).map((members) => known(Object.values(members))),
    workloads: some(workloads, () => anyWorkload),
    bootstrapTokens: fc.array(anyToken, { maxLength: 3 }),
  });
}
