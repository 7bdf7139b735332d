import { describe, expect, it } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import { known, unknown } from '../../plan/fact.ts';
import {
  KUBEADM_CONFIG,
  KUBELET_CONFIG_MAP,
  KUBE_PROXY_CONFIG,
  broken,
  changed,
  cluster,
  foreign,
  manifest,
  on,
  setConfigMap,
  setFlag,
  setSharedArg,
} from '../testing/audit-changes.ts';
import { NOW, ourCluster } from '../testing/audit-healthy.ts';
import { auditFindings, auditRules } from './audit-rules.ts';
import { makerOf } from './maker.ts';
import { auditView } from './audit-view.ts';

const codes = (snapshot: AuditSnapshot): readonly string[] => auditFindings(snapshot, NOW).findings.map(({ code }) => code);

const NEUTRAL: readonly (readonly [string, AuditSnapshot])[] = [
  ['a bind-address of all interfaces', broken((draft) => setSharedArg(draft, 'bind-address', '0.0.0.0'))],
  ['a bind-address of all interfaces, IPv6', broken((draft) => setSharedArg(draft, 'bind-address', '"::"'))],
  ['a flag of the whole cluster', broken((draft) => setSharedArg(draft, 'event-ttl', '2h'))],
  [
    'a member that listens for metrics on loopback',
    broken((draft) =>
      setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('  local:', '  local:\n    extraArgs:\n    - name: listen-metrics-urls\n      value: http://127.0.0.1:2381')),
    ),
  ],
  ['loopback for kube-proxy', broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('metricsBindAddress: ""', 'metricsBindAddress: 127.0.0.1:10249')))],
  [
    'a range of node port addresses in which all machines are',
    broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('nodePortAddresses: null', 'nodePortAddresses: [10.88.210.0/24]'))),
  ],
  ['primary node port addresses', broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('nodePortAddresses: null', 'nodePortAddresses: [primary]')))],
  ['kubelets that bear cgroup v1 and swap', broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}failCgroupV1: false\nfailSwapOn: false\n`))],
  ['kubelets on all addresses', broken((draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}address: 0.0.0.0\n`))],
  [
    'names of the cluster in certSANs',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', 'apiServer: { certSANs: [k8s.example.com, 203.0.113.7] }'))),
  ],
  [
    'names of all control planes in certSANs',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', 'apiServer: { certSANs: [cp-1, cp-2, 10.88.210.13] }'))),
  ],
  [
    'names of all control planes in the certificates of etcd',
    broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('  local:', '  local:\n    serverCertSANs: [cp-1, cp-2, cp-3, etcd.example.com]'))),
  ],
  [
    'variables and volumes that fit every control plane',
    broken((draft) =>
      setConfigMap(draft, KUBEADM_CONFIG, (text) =>
        text.replace(
          'apiServer: {}',
          'apiServer:\n  extraEnvs:\n  - name: NO_PROXY\n    value: 10.88.210.0/24,10.88.210.1,.svc\n  - name: MEMBERS\n    value: cp-1,cp-2,10.88.210.13\n  - name: NODE\n    value: cp-11\n  extraVolumes:\n  - hostPath: /etc/audit-policy',
        ),
      ),
    ),
  ],
  [
    'a machine that is called by a word of ordinary paths',
    changed(ourCluster(3, 1), (draft) => {
      const { machines } = draft;
      draft.machines = machines.map((machine) => (machine.name === 'w-1' ? { ...machine, name: 'etcd' } : machine));
      const { nodes } = cluster(draft);
      cluster(draft).nodes = { ...Object.fromEntries(Object.entries(nodes).filter(([name]) => name !== 'w-1')), etcd: { ...nodes['w-1']!, name: 'etcd' } };
      Object.assign(cluster(draft).workloads['kube-system/Deployment/coredns']!, { podNodes: ['cp-3', 'etcd'] });
    }),
  ],
  [
    'upstreams that are the addresses kubeadm noted, on a second network',
    broken((draft) => {
      for (const [index, name] of ['cp-1', 'cp-2', 'cp-3'].entries()) {
        const address = `10.89.0.1${index + 1}`;
        on(draft, name).interfaces.push({ name: 'eth1', mac: `02:00:00:00:99:0${index}`, addresses: [address], floating: [] });
        on(draft, name).certificates['/etc/kubernetes/pki/apiserver.crt']!.addresses.push(address);
        manifest(draft, name, 'kube-apiserver').advertisedEndpoint = `${address}:6443`;
        on(draft, 'w-1').balancers[0]!.upstreams[index]!.text = `${address}:6443`;
      }
    }),
  ],
  [
    'a virtual address as the endpoint, held by one machine at a time',
    broken((draft) => {
      for (const [configMap, key] of [KUBEADM_CONFIG, ['kube-public/cluster-info', 'kubeconfig'], ['kube-system/kube-proxy', 'kubeconfig.conf']] as const)
        setConfigMap(draft, [configMap, key], (text) => text.replace('api.dev.kubewright.internal:7443', '10.88.210.100:6443'));
      const [, host0] = on(draft, 'cp-2').interfaces;
      host0!.addresses = [...host0!.addresses, '10.88.210.100'];
      host0!.floating = ['10.88.210.100'];
      for (const { name } of draft.machines) for (const kubeconfig of Object.values(on(draft, name).kubeconfigs)) kubeconfig.server = 'https://10.88.210.100:6443';
      for (const name of ['cp-1', 'cp-2', 'cp-3']) {
        const certificate = on(draft, name).certificates['/etc/kubernetes/pki/apiserver.crt']!;
        certificate.addresses = [...certificate.addresses, '10.88.210.100'];
      }
    }),
  ],
  [
    'a name that resolves to a load balancer',
    broken((draft) => {
      for (const { name } of draft.machines) on(draft, name).names['api.dev.kubewright.internal'] = ['203.0.113.7'];
    }),
  ],
  [
    'a name that resolves to all control planes',
    broken((draft) => {
      for (const { name } of draft.machines) on(draft, name).names['api.dev.kubewright.internal'] = ['10.88.210.11', '10.88.210.12', '10.88.210.13'];
    }),
  ],
  [
    'a node port of haproxy for something else',
    broken((draft) => {
      on(draft, 'w-1').balancers = [...on(draft, 'w-1').balancers, { program: 'haproxy', path: '/etc/haproxy/haproxy.cfg', upstreams: [{ text: '192.0.2.1:80', line: 3 }] }];
    }),
  ],
  [
    'a token that is good for minutes',
    broken((draft) => {
      cluster(draft).tokens = known([{ id: 'abcdef', description: '', expires: '2026-11-24T00:10:00Z' }]);
    }),
  ],
  [
    'an external name in a manual slice',
    broken((draft) => {
      cluster(draft).manualEndpoints = [{ name: 'db', addresses: ['192.0.2.9'] }];
    }),
  ],
  [
    "a machine's own address and name in a flag",
    broken((draft) => {
      for (const [index, name] of ['cp-1', 'cp-2', 'cp-3'].entries()) setFlag(draft, name, ['kube-apiserver', 'goaway-chance'], `${name}/10.88.210.1${index + 1}`);
    }),
  ],
  [
    'one CoreDNS on the only node',
    changed(ourCluster(1, 0), (draft) => {
      Object.assign(cluster(draft).workloads['kube-system/Deployment/coredns']!, { podNodes: ['cp-1', 'cp-1'] });
    }),
  ],
  [
    'different machines in containers of one host',
    broken((draft) => {
      for (const { name } of draft.machines) on(draft, name).identity.productUuid = unknown('in a container');
    }),
  ],
  [
    'a directory that the kubelet makes',
    broken((draft) => {
      manifest(draft, 'cp-1', 'etcd').hostPaths = [{ path: '/var/lib/new', line: 1, isMade: true }];
      on(draft, 'cp-1').files['/var/lib/new'] = { type: 'absent' };
    }),
  ],
  [
    "a manifest's words in two",
    broken((draft) => {
      const pod = manifest(draft, 'cp-1', 'kube-scheduler');
      pod.args = [
        { text: 'kube-scheduler', line: 9 },
        { text: '--bind-address', line: 10 },
        { text: '127.0.0.1', line: 10 },
        ...pod.args.filter(({ text }) => text.startsWith('--') && !text.includes('bind-address')),
      ];
    }),
  ],
];

describe('what names no machine is no finding', () => {
  it.each(NEUTRAL)('%s', (_, snapshot) => expect(codes(snapshot)).toEqual([]));
});

describe('what could not be seen', () => {
  it('is told once for a machine, and is no finding', () => {
    const { findings, unknown: unseen } = auditFindings(
      broken((draft) => {
        draft.machines.find(({ name }) => name === 'cp-2')!.facts = { state: 'unreachable', why: 'it refuses the login' };
      }),
      NOW,
    );
    expect(findings).toEqual([]);
    expect(unseen).toEqual([{ node: 'cp-2', what: 'the machine: processes, files, certificates', why: 'it refuses the login' }]);
  });

  it('is the cluster, where no API server answered', () => {
    const { findings, unknown: unseen } = auditFindings({ ...ourCluster(3, 1), cluster: unknown('no API server answered') }, NOW);
    expect(findings).toEqual([]);
    expect(unseen).toEqual([{ what: 'the cluster: nodes, shared objects, etcd members', why: 'no API server answered' }]);
  });

  it.each([
    [
      'etcd',
      (draft: Parameters<Parameters<typeof broken>[0]>[0]) => {
        cluster(draft).etcdMembers = unknown('deadline');
      },
      { what: 'etcd members', why: 'deadline' },
    ],
    [
      'tokens',
      (draft: Parameters<Parameters<typeof broken>[0]>[0]) => {
        cluster(draft).tokens = unknown('forbidden');
      },
      { what: 'bootstrap tokens', why: 'forbidden' },
    ],
    [
      'a kubelet configuration',
      (draft: Parameters<Parameters<typeof broken>[0]>[0]) => {
        on(draft, 'w-1').kubeletConfig = unknown('not UTF-8');
      },
      { node: 'w-1', what: "the kubelet's configuration", why: 'not UTF-8' },
    ],
    [
      'a key',
      (draft: Parameters<Parameters<typeof broken>[0]>[0]) => {
        on(draft, 'cp-1').publicKeys['/k'] = unknown('no openssl');
      },
      { node: 'cp-1', what: 'whether keys belong to their certificates: /k', why: 'no openssl' },
    ],
    [
      'a node that was not dialled',
      (draft: Parameters<Parameters<typeof broken>[0]>[0]) => {
        draft.machines = draft.machines.filter(({ name }) => name !== 'w-1');
      },
      { node: 'w-1', what: 'the machine: processes, files, certificates', why: 'it was not looked at' },
    ],
  ])('%s', (_, change, unseen) => expect(auditFindings(broken(change), NOW)).toEqual({ findings: [], unknown: [unseen] }));

  it.each(auditRules.map((rule) => [rule.code, rule] as const))('breaks nothing: %s', (_, rule) =>
    expect(rule.check(auditView({ machines: [], cluster: unknown('x') }, NOW))).toEqual([]),
  );
});

describe('hostile shared objects', () => {
  const huge = `kind: ClusterConfiguration\nlist:\n${'- x\n'.repeat(100_000)}`;
  const bomb = `a0: &a0 [x,x]\n${Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index},*a${index}]`).join('\n')}\n`;
  it.each([
    ['huge', huge],
    ['a bomb of aliases', bomb],
    ['no YAML', 'a: [b\nc: }'],
    ['an alias of nothing', 'a: *b\n'],
    ['control characters', 'a: \u0001\u0002'],
    ['tabs', '\tx: 1'],
    ['nested without end', '['.repeat(50_000)],
  ])('%s: named, and nothing else breaks', (_, text) => {
    const { findings } = auditFindings(
      broken((draft) => setConfigMap(draft, KUBEADM_CONFIG, () => text)),
      NOW,
    );
    expect([...new Set(findings.map(({ code }) => code))].filter((code) => code !== 'shared-object-broken')).toEqual([]);
  });

  it.each([KUBE_PROXY_CONFIG, KUBELET_CONFIG_MAP] as const)('%s %s that is a list of nothing', (configMap, key) =>
    expect(codes(broken((draft) => setConfigMap(draft, [configMap, key], () => '- - - null\n')))).toEqual([]),
  );
});

describe('who made a cluster', () => {
  const makerName = (snapshot: AuditSnapshot): string => makerOf(auditView(snapshot, NOW)).name;
  it('is told by what it left', () => {
    expect(makerName(ourCluster(1, 0))).toBe('kubewright');
    expect(makerName(foreign(() => undefined))).toBe('Kubespray');
    expect(
      makerName(
        broken((draft) => {
          for (const { name } of draft.machines) on(draft, name).marks = [];
        }),
      ),
    ).toBe('kubeadm');
    expect(
      makerName(
        broken((draft) => {
          for (const { name } of draft.machines) on(draft, name).marks = [];
          cluster(draft).nodes['cp-1']!.labels = { 'v1.kubeone.io/operating-system': 'ubuntu' };
        }),
      ),
    ).toBe('KubeOne');
  });
});
