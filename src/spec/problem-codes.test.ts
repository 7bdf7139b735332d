import { describe, expect, it } from 'vitest';
import { loadCluster } from './load-cluster.ts';
import type { ProblemCode } from './problem-codes.ts';
import { problemCodes } from './problem-codes.ts';
import { clusterText, controlPlane, loadOptions, unmark, worker } from './testing/cluster-texts.ts';

const BYTES_ABOVE_A_MEBIBYTE = 1024 * 1024 + 1;
const NESTED = 65;

const flags = (flag: string, component = 'apiServer'): string => clusterText({ spec: `controlPlane: { ${component}: { extraArgs: { ${flag} } } }` });
const nodeFlags = (flag: string, component: string): string => clusterText({ nodes: [controlPlane(1, `${component}: { extraArgs: { ${flag} } }`)] });
const kubelet = (field: string): string => clusterText({ spec: `kubelet: { config: { ${field} } }` });
const kubeProxy = (field: string): string => clusterText({ spec: `kubeProxy: { config: { ${field} } }` });
const nodeKubelet = (field: string): string => clusterText({ nodes: [controlPlane(1), worker(`kubelet: { config: { ${field} } }`)] });
const registry = (text: string, name = 'r.example.com'): string => clusterText({ spec: `registries: { ${name}: { ${text} } }` });
const password = (text: string): string => registry(`credentials: { username: ops, password: ${text} }`);
const network = (range: string): string => clusterText({ spec: `network: { ${range} }` });
const nodes = (...list: readonly string[]): string => clusterText({ nodes: list });

/** A file for each code; `¦` stands where the problem is to be reported. */
const cases: Readonly<Record<ProblemCode, readonly string[]>> = {
  'file-empty': ['¦', '¦# nothing but a comment\n', '¦~\n'],
  'file-too-large': [`¦${'#'.repeat(BYTES_ABOVE_A_MEBIBYTE)}`, `¦${'#'.repeat(5 * BYTES_ABOVE_A_MEBIBYTE)}`],
  'file-several-documents': [`${clusterText()}¦---\nkind: Cluster\n`],
  'file-too-deep': [`${'['.repeat(NESTED - 1)}¦[`],
  'yaml-syntax': ['metadata: { name: demo\n¦'],
  'yaml-tab': ['spec:\n¦\tnodes: []\n'],
  'yaml-duplicate-key': [clusterText({ metadata: 'name: demo\n  ¦name: other' })],
  'yaml-alias': [clusterText({ metadata: 'name: ¦*other' }), clusterText({ metadata: 'name: &other ¦demo' })],
  'yaml-tag': [clusterText({ metadata: 'name: !!str ¦demo' }), clusterText({ metadata: 'name: !secret ¦demo' })],
  'yaml-key': ['? ¦[a]\n: b\n', clusterText({ metadata: 'name: demo\n  ¦__proto__: {}' })],

  'key-unknown': [clusterText({ spec: '¦netwrk: {}' }), clusterText({ spec: '¦podCIDR: 10.244.0.0/16' }), nodes(controlPlane(1, '¦pol: storage'))],
  'key-missing': [nodes('{ ¦name: cp-1, address: 10.0.0.11 }').replace('¦name', '{MARK}name').replace('{ {MARK}', '¦{ ')],
  'type-wrong': [clusterText({ spec: 'controlPlane: { certSANs: ¦k8s.example.com }' }), flags('¦event-ttl:'), nodes(controlPlane(1), '¦cp-2')],
  'value-not-allowed': [nodes('{ name: cp-1, address: 10.0.0.11, role: ¦master }'), clusterText({ spec: 'endpoint: { mode: ¦vip }' })],
  'string-needed': [clusterText({ version: '¦1.36' }), nodes(worker('labels: { disk: ¦1 }')), nodes(worker('labels: { ¦disk: }'))],
  'interpolation-refused': [clusterText({ metadata: 'name: ¦${CLUSTER}' }), clusterText({ metadata: "name: ¦'{{ name }}'" })],
  'secret-value': [flags('service-account-issuer: ¦abcdef.0123456789abcdef'), clusterText({ spec: 'ssh:\n  identityFile: ¦|\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    abc' })],

  'cluster-name-invalid': [clusterText({ metadata: 'name: ¦Demo' }), clusterText({ metadata: `name: ¦${'a'.repeat(41)}` })],
  'node-name-invalid': [nodes('{ name: ¦cp_1, address: 10.0.0.11, role: control-plane }'), nodes('{ name: ¦10.0.0.11, address: 10.0.0.11, role: control-plane }')],
  'node-name-duplicate': [nodes(controlPlane(1), '{ name: ¦cp-1, address: 10.0.0.12, role: worker }')],
  'address-invalid': [nodes('{ name: cp-1, address: ¦10.0.0.256, role: control-plane }'), nodes('{ name: cp-1, address: ¦cp-1.example.com, role: control-plane }')],
  'address-unusable': [nodes('{ name: cp-1, address: ¦127.0.0.1, role: control-plane }'), nodes('{ name: cp-1, address: ¦224.0.0.1, role: control-plane }')],
  'address-duplicate': [nodes(controlPlane(1), '{ name: w-1, address: ¦10.0.0.11, role: worker }')],

  'version-invalid': [clusterText({ version: '¦v1.36.3' }), clusterText({ version: '¦latest' })],
  'version-unknown': [clusterText({ version: '¦1.36.30' })],

  'range-invalid': [network('podCIDR: ¦10.244.0.0'), network('serviceCIDR: ¦fd00::/108')],
  'range-host-bits': [network('podCIDR: ¦10.244.1.0/16')],
  'range-reserved': [network('podCIDR: ¦127.0.0.0/16')],
  'range-size': [network('podCIDR: ¦10.244.0.0/25'), network('serviceCIDR: ¦10.96.0.0/29'), network('serviceCIDR: ¦172.0.0.0/8')],
  'ranges-overlap': [network('podCIDR: 10.96.0.0/12, serviceCIDR: ¦10.100.0.0/16'), network('podCIDR: ¦10.96.0.0/12')],
  'range-over-node': [nodes('{ name: cp-1, address: ¦10.244.0.11, role: control-plane }'), nodes('{ name: cp-1, address: ¦10.96.0.11, role: control-plane }')],
  'pod-range-too-small': [network('podCIDR: ¦10.244.0.0/23')],
  'max-pods-over-range': [kubelet('maxPods: ¦300'), nodeKubelet('maxPods: ¦300')],

  'no-control-plane': [clusterText({ nodes: [worker('labels: {}')] }).replace('nodes:', '¦nodes:'), clusterText({ nodes: [] }).replace('nodes:', 'nodes: ¦[]')],
  'control-planes-even': [nodes(controlPlane(1), controlPlane(2)).replace('nodes:', '¦nodes:')],
  'control-planes-many': [nodes(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => controlPlane(number))).replace('nodes:', '¦nodes:')],

  'san-invalid': [clusterText({ spec: 'controlPlane: { certSANs: [k8s.example.com, ¦"https://k8s.example.com"] }' })],
  'san-of-node': [clusterText({ spec: 'controlPlane: { certSANs: [¦10.0.0.11] }' }), clusterText({ spec: 'controlPlane: { certSANs: [¦cp-2] }' })],

  'flag-unknown': [
    flags('¦event-ttll: 2h'),
    nodes(controlPlane(1, 'apiServer: { extraArgs: { ¦bind-addres: 10.0.0.11 } }')),
    flags('¦node-monitor-period-seconds: 5', 'controllerManager'),
    flags('¦event-ttl: 2h', 'scheduler'),
    nodeFlags('¦election-timout: 2000', 'etcd'),
  ],
  'flag-name-invalid': [flags('¦--event-ttl: 2h'), flags('¦event_ttl: 2h')],
  'flag-value-invalid': [flags('event-ttl: ¦"2h\\n--anonymous-auth=false"')],
  'flag-node-scoped': [
    flags('¦advertise-address: 10.0.0.11'),
    flags('¦bind-address: 10.0.0.11'),
    flags('event-ttl: 2h, ¦advertise_address: 10.0.0.11'),
    flags('¦bind-address: 0.0.0.0', 'controllerManager'),
    flags('¦bind-address: 10.0.0.11', 'scheduler'),
    flags('¦listen-metrics-urls: "http://127.0.0.1:2381"', 'etcd'),
  ],
  'flag-cluster-scoped': [nodes(controlPlane(1, 'apiServer: { extraArgs: { ¦event-ttl: 2h } }')), nodeFlags('¦quota-backend-bytes: 4294967296', 'etcd')],
  'flag-managed': [
    flags('¦anonymous-auth: false'),
    nodes(controlPlane(1, 'apiServer: { extraArgs: { ¦advertise-address: 10.0.0.11 } }')),
    nodes(controlPlane(1, 'apiServer: { extraArgs: { ¦secure-port: 8443 } }')),
    flags('¦cluster-cidr: 10.200.0.0/16', 'controllerManager'),
    nodeFlags('¦leader-elect: false', 'scheduler'),
    flags('¦data-dir: /data', 'etcd'),
    nodeFlags('¦initial-cluster-state: new', 'etcd'),
  ],
  'flag-names-file': [
    flags('audit-policy-file: ¦/etc/kubernetes/audit.yaml'),
    flags('config: ¦/etc/kubernetes/scheduler.yaml', 'scheduler'),
    nodeFlags('flex-volume-plugin-dir: ¦/opt', 'controllerManager'),
  ],
  'flag-value-lacks': [flags('enable-admission-plugins: ¦PodNodeSelector'), nodeFlags('listen-metrics-urls: ¦"http://10.0.0.11:2381"', 'etcd')],
  'component-on-worker': [nodes(controlPlane(1), worker('¦apiServer: { extraArgs: {} }')), nodes(controlPlane(1), worker('¦etcd: {}'))],
  'address-of-other-node': [nodes(controlPlane(1, 'apiServer: { extraArgs: { bind-address: ¦10.0.0.21 } }'), worker('labels: {}')), nodeKubelet('address: ¦10.0.0.11')],
  'node-address-in-cluster-scope': [
    flags('oidc-issuer-url: ¦"https://10.0.0.21:8443/"'),
    kubelet('tracing: ¦{ endpoint: "10.0.0.21:4317" }'),
    flags('distributed-tracing-address: ¦"10.0.0.21:4317"', 'etcd'),
  ],

  'field-unknown': [kubelet('¦maxPod: 200'), kubelet('¦constructor: 1'), nodeKubelet('¦maxPod: 200'), kubeProxy('iptables: { ¦masqueradeAl: true }')],
  'field-type': [
    kubelet('maxPods: ¦"200"'),
    kubelet('evictionHard: ¦{ memory.available: 100 }'),
    kubelet('featureGates: ¦[A]'),
    nodeKubelet('maxPods: ¦many'),
    kubeProxy('conntrack: { tcpCloseWaitTimeout: ¦60 }'),
    kubelet('crashLoopBackOff: { maxContainerRestartPeriod: ¦1 }'),
  ],
  'field-node-scoped': [
    kubelet('¦resolvConf: /run/systemd/resolve/resolv.conf'),
    kubelet('¦providerID: x'),
    kubelet('¦failSwapOn: false'),
    kubelet('¦registerWithTaints: []'),
    kubeProxy('¦bindAddress: 10.0.0.11'),
    kubeProxy('¦hostnameOverride: cp-1'),
  ],
  'field-managed': [
    kubelet('¦staticPodPath: /etc/kubernetes/manifests'),
    kubelet('¦authentication: { anonymous: { enabled: true } }'),
    kubelet('¦clusterDNS: [10.96.0.10]'),
    nodeKubelet('¦cgroupDriver: cgroupfs'),
    nodeKubelet('¦failSwapOn: false'),
    nodeKubelet('¦registerWithTaints: []'),
    kubeProxy('¦mode: ipvs'),
    kubeProxy('conntrack: { ¦min: 0 }'),
  ],

  'label-invalid': [nodes(worker('labels: { ¦a/b/c: x }')), nodes(worker('labels: { disk: ¦"very fast" }'))],
  'label-reserved': [
    nodes(worker('labels: { ¦node-role.kubernetes.io/worker: "" }')),
    nodes(worker('labels: { ¦kubernetes.io/hostname: x }')),
    nodes(worker('labels: { ¦kubewright.dev/a: x }')),
  ],
  'taint-invalid': [nodes(worker('taints: [¦dedicated]')), nodes(worker('taints: [¦"a=b:Never"]'))],
  'taint-reserved': [nodes(worker('taints: [¦"node-role.kubernetes.io/control-plane:NoSchedule"]')), nodes(worker('taints: [¦"node.kubernetes.io/unreachable:NoExecute"]'))],
  'taint-duplicate': [nodes(worker('taints: ["a=b:NoSchedule", ¦"a=c:NoSchedule"]'))],

  'pool-name-invalid': [clusterText({ spec: 'pools: { ¦Storage: { role: worker } }' })],
  'pool-unknown': [nodes(controlPlane(1), '{ name: w-1, address: 10.0.0.21, pool: ¦storage }')],
  'proxy-url-invalid': [
    clusterText({ spec: 'proxy: { httpProxy: ¦"http://ops:secret@proxy:3128" }' }),
    clusterText({ spec: 'proxy: { httpsProxy: ¦proxy:3128 }' }),
    clusterText({ spec: 'proxy: { httpsProxy: ¦"http://proxy:3128/path" }' }),
  ],
  'proxy-empty': [clusterText({ spec: '¦proxy: { noProxy: [10.0.0.0/8] }' })],
  'no-proxy-invalid': [clusterText({ spec: 'proxy: { httpProxy: "http://proxy:3128", noProxy: [10.0.0.0/8, ¦"a b"] }' })],
  'registry-name-invalid': [registry('mirrors: []', '¦library'), registry('mirrors: []', '¦"https://r.example.com"')],
  'mirror-unused': [clusterText({ spec: 'distribution: { ¦mirror: "https://mirror.example.com" }' })],
  'mirror-url-invalid': [
    clusterText({ spec: 'distribution: { mode: pull, mirror: ¦"mirror" }' }),
    registry('mirrors: [¦mirror.example.com]'),
    registry('mirrors: [¦"https://ops:secret@mirror.example.com"]'),
  ],
  'registry-user-invalid': [registry('credentials: { username: ¦"a:b", password: { fromEnv: A } }')],
  'secret-written': [password('¦hunter2'), password('¦12345')],
  'secret-reference': [password('¦{}'), password('¦{ fromEnv: A, fromFile: a }')],
  'ssh-file-missing': [clusterText({ spec: 'ssh: { identityFile: ¦/none/key }' }), clusterText({ spec: 'ssh: { knownHostsFile: ¦/none/hosts }' })],
  'secret-missing': [password('{ fromEnv: ¦UNSET }')],
  'secret-path-invalid': [password('{ fromFile: ¦"" }'), password('{ fromFile: ¦~ops/a }')],
  'secret-variable-invalid': [password('{ fromEnv: ¦a-b }')],

  'port-invalid': [
    clusterText({ spec: 'ssh: { port: ¦65536 }' }),
    nodes(controlPlane(1, 'ssh: { port: ¦0 }')),
    nodes(controlPlane(1, 'ssh: { port: ¦65536 }')),
    clusterText({ spec: 'pools: { a: { ssh: { port: ¦70000 } } }' }),
  ],
  'ssh-user-invalid': [clusterText({ spec: 'ssh: { user: ¦ops@bastion }' }), nodes(controlPlane(1, 'ssh: { user: ¦"-l" }'))],
  'ssh-host-invalid': [nodes(controlPlane(1, 'ssh: { host: ¦root@cp-1.example.com }')), nodes(controlPlane(1, 'ssh: { host: ¦-oProxyCommand=x }'))],
  'ssh-jump-invalid': [
    clusterText({ spec: 'ssh: { jump: ¦"bastion -v" }' }),
    nodes(controlPlane(1, 'ssh: { jump: ¦"bastion -v" }')),
    clusterText({ spec: 'pools: { a: { ssh: { jump: ¦"ops@bastion:0" } } }' }),
  ],
  'ssh-path-invalid': [clusterText({ spec: 'ssh: { identityFile: ¦~ops/.ssh/id }' }), clusterText({ spec: 'ssh: { knownHostsFile: ¦"" }' })],
};

describe.each(Object.entries(cases))('%s', (code, texts) => {
  it.each(texts)('is reported at its place (%#)', (marked) => {
    const { text, line, column } = unmark(marked);
    const result = loadCluster(text, 'cluster.yaml', loadOptions);
    const problems = result.ok ? result.warnings : result.problems;
    const places = problems.filter((problem) => problem.code === code).map((problem) => `${problem.line}:${problem.column}`);
    expect(places, JSON.stringify(problems, null, 1)).toContain(`${line}:${column}`);
  });
});

it.each([password('hunter2'), password('[hunter2]'), password('{ value: hunter2 }'), clusterText({ spec: 'proxy: { httpProxy: "http://ops:hunter2@proxy:3128" }' })])(
  'repeats no secret that stands in the file (%#)',
  (text) => {
    const result = loadCluster(text, 'cluster.yaml', loadOptions);
    expect(result.ok ? [] : result.problems).not.toEqual([]);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  },
);

it('says for every code what, why and what to write', () => {
  for (const [code, { meaning, why, fix }] of Object.entries(problemCodes)) {
    for (const words of [meaning, why, fix]) expect(words, code).toMatch(/^\S.*[^.\s]$/);
  }
});
