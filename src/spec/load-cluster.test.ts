import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import { loadCluster } from './load-cluster.ts';
import { clusterFileError, formatProblem } from './problem.ts';
import { clusterText, controlPlane, loadOptions, worker } from './testing/cluster-texts.ts';

function clusterOf(text: string, file = 'cluster.yaml'): Cluster {
  const result = loadCluster(text, file, loadOptions);
  if (!result.ok) throw new Error(result.problems.flatMap(formatProblem).join('\n'));
  return result.cluster;
}

describe('a valid file', () => {
  it('becomes a cluster with the defaults filled in', () => {
    const { wide, ssh, nodes, controlPlanes } = clusterOf(clusterText());
    expect(wide).toEqual({
      name: 'demo',
      kubernetesVersion: '1.36.3',
      endpoint: { host: 'api.demo.kubewright.internal', port: 7443 },
      network: { plugin: 'flannel', podCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/16', dnsDomain: 'cluster.local' },
      certSANs: [],
      args: { apiServer: [], controllerManager: [], scheduler: [], etcd: [] },
      kubeletConfig: { entries: [] },
      kubeProxyConfig: { entries: [] },
      registries: [],
      metricsServer: true,
    });
    expect(ssh).toEqual({ user: 'root' });
    expect(nodes.map(({ name, role }) => [name, role])).toEqual([
      ['cp-1', 'control-plane'],
      ['cp-2', 'control-plane'],
      ['cp-3', 'control-plane'],
      ['w-1', 'worker'],
    ]);
    expect(controlPlanes.members.map(({ name, address }) => `${name} ${address}`)).toEqual(['cp-1 10.0.0.11', 'cp-2 10.0.0.12', 'cp-3 10.0.0.13']);
  });

  it('keeps the value of a flag as it is written, and several values of one flag in order', () => {
    const text = clusterText({
      spec: 'controlPlane: { apiServer: { extraArgs: { v: 4, goaway-chance: 0.10, service-account-issuer: [https://b, https://a], profiling: false } } }',
    });
    expect(clusterOf(text).wide.args.apiServer.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'goaway-chance=0.10',
      'profiling=false',
      'service-account-issuer=https://b',
      'service-account-issuer=https://a',
      'v=4',
    ]);
  });

  it('boxes what belongs to a node', () => {
    const bound = controlPlane(1, 'apiServer: { extraArgs: { bind-address: 10.0.0.11 } }, labels: { zone: a }, taints: ["b:NoExecute", "a=1:NoSchedule"]');
    const [node, other] = clusterOf(clusterText({ nodes: [bound, controlPlane(2), controlPlane(3)] })).nodes;
    if (node === undefined || other === undefined) throw new Error('no nodes');
    expect(node.args.openFor(node.name).apiServer).toEqual([{ name: 'bind-address', value: '10.0.0.11' }]);
    expect(node.labels.openFor(node.name)).toEqual({ zone: 'a' });
    expect(node.taints.openFor(node.name)).toEqual([
      { key: 'a', value: '1', effect: 'NoSchedule' },
      { key: 'b', value: '', effect: 'NoExecute' },
    ]);
    expect(() => node.address.openFor(other.name)).toThrow('value of cp-1 asked for by cp-2');
    expect(() => JSON.stringify(node)).toThrow('value of cp-1 serialised');
  });

  it('resolves paths of keys: ~ against the home directory, others against the file', () => {
    const text = clusterText({ spec: 'ssh: { identityFile: ~/.ssh/lab, knownHostsFile: hosts }' });
    expect(clusterOf(text, '/srv/demo/cluster.yaml').ssh).toEqual({ user: 'root', identityFile: '/home/ops/.ssh/lab', knownHostsFile: '/srv/demo/hosts' });
  });

  it('reaches a node its own way where it says so, and by spec.ssh for the rest', () => {
    const text = clusterText({
      spec: 'ssh: { identityFile: ~/.ssh/lab, knownHostsFile: hosts }',
      nodes: [controlPlane(1, 'ssh: { user: ops, host: cp-1.example.com, port: 2222, jump: "ops@bastion:22,[fd00::1]", identityFile: one }'), controlPlane(2), controlPlane(3)],
    });
    const { sshOf, nodes } = clusterOf(text, '/srv/demo/cluster.yaml');
    expect(nodes.map(({ name }) => sshOf.get(name))).toEqual([
      { user: 'ops', host: 'cp-1.example.com', port: 2222, jump: 'ops@bastion:22,[fd00::1]', identityFile: '/srv/demo/one', knownHostsFile: '/srv/demo/hosts' },
      { user: 'root', identityFile: '/home/ops/.ssh/lab', knownHostsFile: '/srv/demo/hosts' },
      { user: 'root', identityFile: '/home/ops/.ssh/lab', knownHostsFile: '/srv/demo/hosts' },
    ]);
  });

  it('reaches every node by the port and the jump host of spec.ssh, where neither the node nor its pool says another', () => {
    const text = clusterText({
      spec: 'ssh: { port: 2222, jump: bastion }\npools: { edge: { ssh: { port: 2200 } } }',
      nodes: [controlPlane(1), controlPlane(2, 'pool: edge'), controlPlane(3, 'pool: edge, ssh: { port: 22, jump: none }')],
    });
    const { ssh, sshOf, nodes } = clusterOf(text);
    expect(ssh).toEqual({ user: 'root', port: 2222, jump: 'bastion' });
    expect(nodes.map(({ name }) => sshOf.get(name))).toEqual([ssh, { ...ssh, port: 2200 }, { ...ssh, port: 22, jump: 'none' }]);
  });

  it('knows where each value comes from', () => {
    const result = loadCluster(clusterText({ spec: 'network: { plugin: none }' }), 'cluster.yaml', loadOptions);
    if (!result.ok) throw new Error('not valid');
    expect(result.origins.get('spec.network.plugin')).toEqual({ from: 'file', file: 'cluster.yaml', line: 7, column: 22 });
    expect(result.origins.get('spec.network.podCIDR')).toEqual({ from: 'default' });
    expect(result.origins.get('spec.nodes.w-1.address')).toEqual({ from: 'file', file: 'cluster.yaml', line: 12, column: 29 });
  });

  it('warns without refusing', () => {
    const result = loadCluster(clusterText({ nodes: [controlPlane(1), controlPlane(2)] }), 'cluster.yaml', loadOptions);
    expect(result.ok && result.warnings.flatMap(formatProblem)).toEqual([
      'cluster.yaml:7:3: warning: there are 2 control planes [control-planes-even]',
      '  why: 2: majority 2, 0 may be down; 1: majority 1, 0 may be down: the last one adds no failure tolerance',
      '  fix: 1 or 3 control planes',
    ]);
  });
});

describe('a file with problems', () => {
  it('explains a node-scoped flag in cluster scope', () => {
    const text = clusterText({ spec: 'controlPlane:\n  apiServer:\n    extraArgs:\n      advertise-address: 10.0.0.11' });
    const result = loadCluster(text, 'cluster.yaml', loadOptions);
    expect(result.ok ? [] : result.problems.flatMap(formatProblem)).toMatchInlineSnapshot(`
      [
        "cluster.yaml:10:9: error: --advertise-address belongs to one node, not to the cluster [flag-node-scoped]",
        "  why: the address by which the cluster reaches this one API server; kubeadm stores extraArgs once for the whole cluster and they win over what a joining node says of itself: every API server would advertise the one address, and when that node goes, the kubernetes service, CoreDNS and metrics-server go with it (kubeadm 3175, Kubespray 11423)",
        "  fix: remove it: each API server advertises the address of its own node, spec.nodes[].address",
      ]
    `);
  });

  it('names what is wrong below a name that is wrong itself', () => {
    const spec = "pools: { Storage: { taints: [none at all] } }\nregistries: { 'https://docker.io': { mirrors: [x], credentials: { username: u, password: hunter2 } } }";
    const result = loadCluster(clusterText({ spec }), 'cluster.yaml', loadOptions);
    const codes = result.ok ? [] : result.problems.map(({ code }) => code);
    expect(codes).toEqual(['pool-name-invalid', 'taint-invalid', 'registry-name-invalid', 'mirror-url-invalid', 'secret-written']);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('names all problems at once, also those that a wrong value could hide', () => {
    const text = clusterText({
      version: '1.99.0',
      metadata: 'name: Demo',
      spec: 'netwrk: {}\nnetwork: { podCIDR: 10.0.0.0/16, plugin: 3 }',
      nodes: [controlPlane(1), '{ name: cp-1, address: 10.0.0.300, role: control-plane }', worker('label: {}')],
    });
    const result = loadCluster(text, 'cluster.yaml', loadOptions);
    expect(result.ok ? [] : result.problems.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`)).toMatchInlineSnapshot(`
      [
        "4:9 cluster-name-invalid: name "Demo" is not an RFC 1123 label",
        "6:26 version-unknown: Kubernetes 1.99.0 is not known",
        "7:3 key-unknown: unknown key "netwrk": did you mean network?",
        "8:44 value-not-allowed: plugin 3 is not flannel or none",
        "9:3 control-planes-even: there are 2 control planes",
        "10:30 range-over-node: address 10.0.0.11 of cp-1 lies in podCIDR 10.0.0.0/16",
        "11:15 node-name-duplicate: name cp-1 is that of spec.nodes[0] too",
        "11:30 address-invalid: address "10.0.0.300" is not an IPv4 address",
        "12:29 range-over-node: address 10.0.0.21 of w-1 lies in podCIDR 10.0.0.0/16",
        "12:54 key-unknown: unknown key "label": did you mean labels?",
      ]
    `);
  });

  it('shows no secret', () => {
    const secret = 'abcdef.0123456789abcdef';
    const result = loadCluster(clusterText({ metadata: `name: ${secret}` }), 'cluster.yaml', loadOptions);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('becomes the error that a command ends with', () => {
    const result = loadCluster('', 'cluster.yaml', loadOptions);
    const error = clusterFileError(result.ok ? [] : result.problems);
    expect([error.code, error.exitCode, error.message, error.details[0]]).toEqual([
      'cluster-file-invalid',
      3,
      'cluster file cluster.yaml has a problem',
      'cluster.yaml:1:1: error: the file is empty [file-empty]',
    ]);
  });
});

describe('order in the file', () => {
  const lines = [
    controlPlane(1, 'labels: { a: x, b: y }'),
    '{ role: control-plane, address: 10.0.0.12, name: cp-2, apiServer: { extraArgs: { bind-address: 10.0.0.12, external-hostname: cp-2.example.com } } }',
    controlPlane(3),
    worker('taints: ["b:NoSchedule", "a:NoSchedule"]'),
  ];
  const specs = ['network: { plugin: none }', 'addons: { metricsServer: { enabled: false } }', 'ssh: { identityFile: ~/.ssh/id }'];
  const fields = ['maxPods: 100', 'readOnlyPort: 0', 'evictionHard: { memory.available: 5%, nodefs.available: 9% }'];
  const sans = ['a.example.com', 'b.example.com', '192.0.2.1'];
  const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...list], { minLength: list.length });
  const textOf = (nodes: readonly string[], spec: readonly string[], names: readonly string[], settings: readonly string[]): string =>
    clusterText({ nodes, spec: [...spec, `kubelet: { config: { ${settings.join(', ')} } }`, `controlPlane: { certSANs: [${names.join(', ')}] }`].join('\n') });
  const plain = (cluster: Cluster): unknown => [
    cluster.wide,
    cluster.controlPlanes,
    cluster.nodes.map((node) => [node.name, node.role, ...[node.address, node.labels, node.taints, node.args].map((box) => box.openFor(node.name))]),
  ];

  it('means nothing', () => {
    const expected = clusterOf(textOf(lines, specs, sans, fields));
    fc.assert(
      fc.property(shuffled(lines), shuffled(specs), shuffled(sans), shuffled(fields), (nodes, spec, names, settings) => {
        const cluster = clusterOf(textOf(nodes, spec, names, settings));
        expect(plain(cluster)).toEqual(plain(expected));
        expect(digestOfCluster(cluster)).toBe(digestOfCluster(expected));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a label', { nodes: [controlPlane(1, 'labels: { a: z }'), ...lines.slice(1)] }],
    ['an address', { nodes: ['{ name: cp-1, address: 10.0.0.99, role: control-plane, labels: { a: x, b: y } }', ...lines.slice(1)] }],
    ['a taint', { nodes: [...lines.slice(0, 3), worker('taints: ["b:NoSchedule"]')] }],
    ['a name', { metadata: 'name: other', nodes: lines }],
  ])('but %s changes the digest', (_what, parts) => {
    expect(digestOfCluster(clusterOf(clusterText(parts)))).not.toBe(digestOfCluster(clusterOf(clusterText({ nodes: lines }))));
  });

  it('and how the machines are reached does not', () => {
    expect(digestOfCluster(clusterOf(clusterText({ spec: 'ssh: { identityFile: ~/.ssh/other }' })))).toBe(digestOfCluster(clusterOf(clusterText())));
  });
});

it('says which flag a misspelt one was to be, and where it stands', () => {
  const result = loadCluster(clusterText({ spec: 'controlPlane: { apiServer: { extraArgs: { event-ttll: 2h } } }' }), 'cluster.yaml', loadOptions);
  expect(result.ok ? [] : result.problems.map(({ message, fix, line }) => ({ message, fix, hasPlace: line > 1 }))).toEqual([
    { message: 'kube-apiserver of Kubernetes 1.36.3 has no flag --event-ttll: did you mean event-ttl?', fix: 'write event-ttl', hasPlace: true },
  ]);
});

describe('what programs take is that of the release', () => {
  const OLD_FLAG = 'controlPlane: { controllerManager: { extraArgs: { concurrent-service-syncs: "2" } } }';
  const NEW_FLAG = 'controlPlane: { controllerManager: { extraArgs: { concurrent-disruption-syncs: "2" } } }';
  const NEW_FIELD = 'kubelet: { config: { defaultPodSysctls: { kernel.shmmax: "1" } } }';
  const problemsOf = (version: string, spec: string) => {
    const result = loadCluster(clusterText({ version, spec }), 'cluster.yaml', loadOptions);
    return (result.ok ? result.warnings : result.problems).map(({ code, message, line, column }) => ({ code, message, place: `${line}:${column}` }));
  };

  it.each([
    ['1.36.3', OLD_FLAG],
    ['1.37.2', NEW_FLAG],
    ['1.37.2', NEW_FIELD],
  ])('of %s: %s', (version, spec) => expect(problemsOf(version, spec)).toEqual([]));

  it.each([
    ['1.37.2', OLD_FLAG, 'flag-unknown', 'kube-controller-manager of Kubernetes 1.37.2 has no flag --concurrent-service-syncs; that of 1.36.3 has it', '7:53'],
    ['1.36.3', NEW_FLAG, 'flag-unknown', 'kube-controller-manager of Kubernetes 1.36.3 has no flag --concurrent-disruption-syncs; that of 1.37.2 has it', '7:53'],
    ['1.36.3', NEW_FIELD, 'field-unknown', 'KubeletConfiguration of Kubernetes 1.36.3 has no field "defaultPodSysctls"; that of 1.37.2 has it', '7:24'],
  ])('and not of %s: %s', (version, spec, ...[code, message, place]) => expect(problemsOf(version, spec)).toEqual([{ code, message, place }]));

  it.each([OLD_FLAG, NEW_FLAG, NEW_FIELD])('of a release that is not known, all of any: %s', (spec) => {
    expect(problemsOf('1.35.0', spec).map(({ code }) => code)).toEqual(['version-unknown']);
  });
});

describe('a file that is no cluster file', () => {
  const SECRET = 'hunter2-Sw0rdfish';

  it.each([
    ['one line of text', SECRET],
    ['one line with a blank', `${SECRET} and more`],
    ['a text that YAML cannot end', `a: 1\n ]${SECRET}`],
    ['a header that YAML cannot read', `a: |${SECRET}\n  b`],
    ['a stray text after a map', `{ a: 1 } ${SECRET}`],
  ])('is not repeated: %s', (_, text) => {
    const result = loadCluster(text, 'token.txt', loadOptions);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });
});
