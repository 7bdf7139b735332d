import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Fact } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import type { ClusterFacts, EtcdMemberFact } from '../cluster-facts.ts';
import type { RecordedAnswer } from '../testing/recorded-answers.ts';
import { encoded, recorded } from '../testing/recorded-answers.ts';
import { clusterScript } from './cluster-script.ts';
import { parseCluster } from './parse-cluster.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const answer = recorded('cluster');
const parse = (changed: RecordedAnswer = {}): Fact<ClusterFacts> => parseCluster(encoded({ ...answer, ...changed }), laneId('cp-1'));

function known(fact: Fact<ClusterFacts>): ClusterFacts {
  if (fact.state !== 'known') throw new Error(fact.why);
  return fact.value;
}

function members(changed: RecordedAnswer = {}): readonly EtcdMemberFact[] {
  const { etcdMembers } = known(parse(changed));
  if (etcdMembers.state !== 'known') throw new Error(etcdMembers.why);
  return etcdMembers.value;
}

describe('a living cluster', () => {
  const facts = known(parse());

  it('is known by its uid, through one control plane', () => {
    expect([facts.via, facts.uid, facts.version, facts.apiEndpoints]).toMatchInlineSnapshot(`
      [
        "cp-1",
        "8c540e4b-6479-4042-92a7-d9afd2ae1b5c",
        "v1.36.3",
        [
          "10.88.210.11",
          "10.88.210.12",
          "10.88.210.13",
        ],
      ]
    `);
  });

  it('has nodes with roles, addresses, labels and taints', () => {
    expect(Object.keys(facts.nodes)).toEqual(['cp-1', 'cp-2', 'cp-3', 'w-1']);
    expect(facts.nodes['cp-1']).toMatchInlineSnapshot(`
      {
        "annotations": {
          "flannel.alpha.coreos.com/backend-data": "{"VNI":1,"VtepMAC":"7e:d4:8b:c6:52:16"}",
          "flannel.alpha.coreos.com/backend-type": "vxlan",
          "flannel.alpha.coreos.com/kube-subnet-manager": "true",
          "flannel.alpha.coreos.com/public-ip": "10.88.210.11",
          "node.alpha.kubernetes.io/ttl": "0",
          "volumes.kubernetes.io/controller-managed-attach-detach": "true",
        },
        "internalIPs": [
          "10.88.210.11",
        ],
        "isControlPlane": true,
        "isReady": true,
        "kubeletVersion": "v1.36.3",
        "labels": {
          "beta.kubernetes.io/arch": "amd64",
          "beta.kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": "cp-1",
          "kubernetes.io/os": "linux",
          "node-role.kubernetes.io/control-plane": "",
          "node.kubernetes.io/exclude-from-external-load-balancers": "",
        },
        "name": "cp-1",
        "podCIDR": "10.244.0.0/24",
        "taints": [
          {
            "effect": "NoSchedule",
            "key": "node-role.kubernetes.io/control-plane",
            "value": "",
          },
        ],
      }
    `);
    expect(facts.nodes['w-1']).toMatchObject({ isControlPlane: false, isReady: true, internalIPs: ['10.88.210.21'], taints: [] });
  });

  it('has the shared ConfigMaps, of both namespaces', () => {
    expect(Object.entries(facts.configMaps).map(([name, data]) => `${name}: ${Object.keys(data).join(' ')}`)).toMatchInlineSnapshot(`
      [
        "kube-system/kubeadm-config: ClusterConfiguration",
        "kube-system/kubelet-config: kubelet",
        "kube-system/kube-proxy: config.conf kubeconfig.conf",
        "kube-system/coredns: Corefile",
        "kube-public/cluster-info: kubeconfig",
      ]
    `);
    expect(facts.configMaps['kube-system/kubeadm-config']?.['ClusterConfiguration']).toContain('controlPlaneEndpoint: api.dev.kubewright.internal:7443');
  });

  it('has workloads, rolled out or not, and where their pods are', () => {
    expect(Object.entries(facts.workloads).map(([name, { isRolledOut, ready, desired, podNodes }]) => `${name} ${String(isRolledOut)} ${ready}/${desired} ${podNodes.join(' ')}`))
      .toMatchInlineSnapshot(`
      [
        "kube-system/Deployment/coredns true 2/2 cp-1 cp-3",
        "kube-system/Deployment/metrics-server true 2/2 cp-2 w-1",
        "kube-flannel/DaemonSet/kube-flannel-ds true 4/4 ",
        "kube-system/DaemonSet/kube-proxy true 4/4 cp-1 cp-2 cp-3 w-1",
      ]
    `);
  });

  it('has members of etcd, ids of 64 bits whole, healthy, one leader', () => {
    expect(facts.etcdMembers).toMatchInlineSnapshot(`
      {
        "state": "known",
        "value": [
          {
            "clientURLs": [
              "https://10.88.210.11:2379",
            ],
            "id": "70c7389c75264672",
            "isHealthy": true,
            "isLeader": false,
            "isLearner": false,
            "name": "cp-1",
            "peerURLs": [
              "https://10.88.210.11:2380",
            ],
          },
          {
            "clientURLs": [
              "https://10.88.210.12:2379",
            ],
            "id": "914c8a214aa791dd",
            "isHealthy": true,
            "isLeader": true,
            "isLearner": false,
            "name": "cp-2",
            "peerURLs": [
              "https://10.88.210.12:2380",
            ],
          },
          {
            "clientURLs": [
              "https://10.88.210.13:2379",
            ],
            "id": "f4657417a023aa00",
            "isHealthy": true,
            "isLeader": false,
            "isLearner": false,
            "name": "cp-3",
            "peerURLs": [
              "https://10.88.210.13:2380",
            ],
          },
        ],
      }
    `);
  });

  it('has no token of anybody', () => expect(facts.bootstrapTokens).toEqual([]));
});

describe('members of etcd', () => {
  const member = (fields: object): string => JSON.stringify({ members: [{ ID: 1, ...fields }] }).replace('"ID":1', '"ID":18446744073709551615');

  it('one that never started has no name, and is not healthy', () => {
    expect(members({ members: member({ peerURLs: ['https://10.0.0.1:2380'], isLearner: true }) })).toEqual([
      { id: 'ffffffffffffffff', name: '', peerURLs: ['https://10.0.0.1:2380'], clientURLs: [], isLearner: true, isHealthy: false, isLeader: false },
    ]);
  });

  it.each([
    [
      'one endpoint fails: etcdctl ends with 1 and says which',
      {
        'health.exit': '1\n',
        health: '[{"endpoint":"https://10.88.210.11:2379","health":true},{"endpoint":"https://10.88.210.12:2379","health":false,"error":"deadline"}]\n',
      },
      ['cp-1'],
    ],
    ['nothing is said of health', { 'health.exit': '1\n', health: '' }, []],
  ])('%s', (_what, changed, healthy) => {
    expect(
      members(changed)
        .filter(({ isHealthy }) => isHealthy)
        .map(({ name }) => name),
    ).toEqual(healthy);
  });

  it('two that each call themselves leader: none is', () => {
    expect(members({ status: '[{"Status":{"leader":1}},{"Status":{"leader":2}}]' }).some(({ isLeader }) => isLeader)).toBe(false);
  });

  it('are unknown, with why, where etcd did not answer; the rest of the cluster is known', () => {
    const facts = known(parse({ 'members.exit': '1\n', members: '', 'members.error': 'context deadline exceeded\n' }));
    expect(facts.etcdMembers).toEqual({ state: 'unknown', why: 'context deadline exceeded' });
  });
});

describe('workloads', () => {
  const deployment = (status: object, generation = 1) =>
    JSON.stringify({ items: [{ kind: 'Deployment', metadata: { name: 'coredns', namespace: 'kube-system', generation }, spec: { replicas: 2 }, status }] });
  const whole = { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 2 };
  it.each([
    ['all new and ready', deployment(whole), true],
    ['a generation that nobody has looked at yet', deployment(whole, 2), false],
    ['one not ready', deployment({ ...whole, readyReplicas: 1 }), false],
    ['one of the older template is still there', deployment({ ...whole, replicas: 3 }), false],
    ['one not updated', deployment({ ...whole, updatedReplicas: 1 }), false],
    ['no status yet', deployment({}), false],
  ])('%s', (_what, workloads, isRolledOut) => {
    expect(known(parse({ workloads })).workloads['kube-system/Deployment/coredns']?.isRolledOut).toBe(isRolledOut);
  });

  it('count their own pods alone: not those of another namespace, of a longer name, or on their way out', () => {
    const pods = [
      'kube-system|ReplicaSet|coredns-1a|n1|',
      'other|ReplicaSet|coredns-1a|n2|',
      'kube-system|ReplicaSet|coredns-x-1a|n3|',
      'kube-system|ReplicaSet|coredns-1a|n4|2026-01-01T00:00:00Z',
      'kube-system|ReplicaSet|coredns-1a||',
      'kube-system||||',
    ];
    expect(known(parse({ workloads: deployment(whole), pods: pods.join('\n') })).workloads['kube-system/Deployment/coredns']?.podNodes).toEqual(['n1']);
  });
});

it('tokens are known by id and description alone, whatever stands in them', () => {
  const line = (id: string, description: string): string => [id, description].map((text) => Buffer.from(text).toString('base64')).join('|');
  expect(known(parse({ tokens: `${line('abcdef', 'kubewright')}\n${line('ffffff', 'a|b\nc')}\n${line('eeeeee', '')}\n` })).bootstrapTokens).toEqual([
    { id: 'abcdef', description: 'kubewright' },
    { id: 'ffffff', description: 'a|b\nc' },
    { id: 'eeeeee', description: '' },
  ]);
});

it('endpoints that are not ready are left out', () => {
  const slices = JSON.stringify({
    items: [{ endpoints: [{ addresses: ['10.0.0.2'] }, { addresses: ['10.0.0.1'], conditions: { ready: true } }, { addresses: ['10.0.0.3'], conditions: { ready: false } }] }, {}],
  });
  expect(known(parse({ slices })).apiEndpoints).toEqual(['10.0.0.1', '10.0.0.2']);
});

describe('an answer that cannot be believed is unknown, with why', () => {
  it.each<readonly [what: string, fact: () => Fact<ClusterFacts>, why: RegExp]>([
    [
      'the API server refused',
      () => parse({ 'nodes.exit': '1\n', 'nodes.error': 'a\nThe connection to the server was refused\n' }),
      /^cp-1: The connection to the server was refused$/,
    ],
    ['a section failed without a word', () => parse({ 'pods.exit': '124\n' }), /^cp-1: reading pods failed$/],
    ['no uid', () => parse({ uid: '\n' }), /^cp-1: reading uid failed$/],
    ['no JSON', () => parse({ nodes: '{' }), /^cp-1: its answer cannot be read: /],
    ['objects of another shape', () => parse({ nodes: '{"items":[{}]}' }), /^cp-1: its answer cannot be read: /],
    ['null', () => parse({ workloads: 'null' }), /^cp-1: its answer cannot be read: /],
    ['cut off', () => parseCluster(encoded(answer).slice(0, -100), laneId('cp-1')), /^cp-1: its answer cannot be read: /],
    ['empty', () => parseCluster('', laneId('cp-1')), /it is empty$/],
    ['nothing asked', () => parseCluster('{}', laneId('cp-1')), /^cp-1: reading version failed$/],
  ])('%s', (_what, fact, why) => {
    const seen = fact();
    expect(seen.state).toBe('unknown');
    expect(seen.state === 'known' ? '' : seen.why).toMatch(why);
  });

  it('whatever any section says: known or unknown, never an exception', () => {
    const anySection = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => `{"items":[${json}]}`),
      fc.constantFrom('1\n', '0\n', ''),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(answer)), anySection, { maxKeys: 4 }), (changed) => {
        expect(['known', 'unknown']).toContain(parse(changed).state);
      }),
      { numRuns: 100 },
    );
  });
});

it('the script parses, and asks for no secret', () => {
  const script = clusterScript();
  execFileSync('sh', ['-n'], { input: script });
  expect(script).not.toMatch(/token-secret|client-key|ca\.key/);
});
