import { describe, expect, it } from 'vitest';
import { unknown } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import { withFileText, withInside, withProxy } from '../testing/broken-inputs.ts';
import { clusterCases } from '../testing/cluster-cases.ts';
import { healthyExpected, healthyInput, healthyInside, withCluster, withHost } from '../testing/healthy-snapshot.ts';
import { identityCases } from '../testing/identity-cases.ts';
import { insideCases } from '../testing/inside-cases.ts';
import type { VerifyInput } from './verify-input.ts';
import { identityFindings, identityProbes, identityRules, verifyFindings, verifyProbes, verifyRules } from './verify-rules.ts';

const cases = [...identityCases, ...clusterCases, ...insideCases];
const nothing = { findings: [], unknown: [] };
const lost = unknown('nobody answered');

describe('a healthy cluster', () => {
  it('gives nothing to say', () => expect(verifyFindings(healthyInput)).toEqual(nothing));

  it('gives nothing to say without metrics-server, where none is wanted', () => {
    const inside = withInside({ metrics: lost }).inside;
    const cluster = withCluster({
      workloads: { 'kube-system/Deployment/coredns': { annotations: {}, desired: 2, ready: 2, isRolledOut: true, podNodes: ['cp-1', 'w-1'] } },
    }).snapshot;
    expect(verifyFindings({ ...healthyInput, expected: { ...healthyExpected, metricsServer: false }, inside, snapshot: cluster })).toEqual(nothing);
  });
});

describe('one broken thing', () => {
  it.each(cases)('%s', (...[, input, code, node, evidence]) => {
    const { findings, unknown: unseen } = verifyFindings(input);
    expect(unseen).toEqual([]);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]?.node).toBe(node);
    expect(findings[0]?.evidence.join('\n')).toContain(evidence);
  });

  it('is known for every rule', () => {
    const fired = new Set(cases.map(([, , code]) => code));
    expect(verifyRules.map(({ code }) => code).filter((code) => !fired.has(code))).toEqual([]);
  });

  it('is a warning where it is an upstream too many', () => {
    const [finding] = verifyFindings(
      withProxy('w-1', { answers: true, upstreams: ['cp-1', 'cp-2', 'cp-3', 'cp-9'].map((name) => ({ name, status: 'UP', check: 'L7OK' })) }),
    ).findings;
    expect(finding?.severity).toBe('warning');
  });

  it('says all that a person needs', () => {
    for (const [, input] of cases) {
      for (const { title, why, fix, evidence } of verifyFindings(input).findings) expect([title, why, fix, ...evidence].every((text) => text.trim() !== '')).toBe(true);
    }
  });
});

describe('what could not be seen', () => {
  const blind: VerifyInput = { ...healthyInput, snapshot: { hosts: {}, cluster: lost }, reach: {}, inside: lost };

  it.each(verifyRules.filter(({ code }) => code !== 'api-not-ready').map((rule) => [rule.code, rule] as const))('is never a pass: %s', (_, rule) => {
    const { findings, unknown: unseen } = rule.check(blind);
    expect(findings).toEqual([]);
    expect(unseen.length).toBeGreaterThan(0);
  });

  it('is told once for each reason', () => {
    const { unknown: unseen } = verifyFindings({ ...healthyInput, snapshot: { ...healthyInput.snapshot, hosts: { ...healthyInput.snapshot.hosts, [laneId('w-1')]: lost } } });
    expect(unseen).toEqual([{ node: 'w-1', what: 'arguments of the kubelet, kubeconfigs, hosts files, /etc/kubernetes/super-admin.conf, certificates', why: 'nobody answered' }]);
  });

  it.each<readonly [string, VerifyInput, object]>([
    ['a file whose text was not read', withHost('w-1', ({ files }) => ({ files: { ...files, '/etc/hosts': { type: 'absent' } } })), { node: 'w-1', what: '/etc/hosts' }],
    ['etcd that did not answer', withCluster({ etcdMembers: lost }), { what: 'etcd members', why: 'nobody answered' }],
    [
      'a proxy that has checked nothing yet',
      withProxy('w-1', { answers: true, upstreams: ['cp-1', 'cp-2', 'cp-3'].map((name) => ({ name, status: 'UP', check: 'INI' })) }),
      { node: 'w-1', why: 'it has not checked cp-1 yet' },
    ],
    [
      'a probe pod that did not start',
      withInside({ probePods: healthyInside.probePods.map((pod) => ({ ...pod, isReady: pod.node !== 'w-1' })) }),
      { node: 'w-1', why: 'its probe pod probe-w-1 did not become ready' },
    ],
    ['a node without a probe pod', withInside({ probePods: healthyInside.probePods.slice(1) }), { node: 'cp-1', why: 'no probe pod was placed there' }],
    ['a probe pod that could not be spoken to', withInside({ answers: { ...healthyInside.answers, 'w-1': lost } }), { node: 'w-1', why: 'nobody answered' }],
    ['a host that was not asked about the API', { ...healthyInput, reach: {} }, { node: 'cp-1', what: 'what it reaches of the API' }],
    ['a certificate that is not there', withHost('w-1', () => ({ certificates: {} })), { node: 'w-1', why: 'none was found there' }],
  ])('%s', (_, input, unseen) => {
    const result = verifyFindings(input);
    expect(result.findings).toEqual([]);
    expect(result.unknown[0]).toMatchObject(unseen);
  });
});

describe('the identity proof of one node', () => {
  it('holds for every node of a healthy cluster', () => {
    for (const { name } of healthyExpected.nodes) expect(identityFindings(name, healthyInput)).toEqual(nothing);
  });

  it.each(identityCases)('finds %s', (_, input, code, node) => {
    const results = healthyExpected.nodes.map(({ name }) => [name, identityFindings(name, input).findings.map((finding) => finding.code)] as const);
    expect(results.filter(([, codes]) => codes.length > 0)).toEqual([[node, [code]]]);
  });

  it('needs no other host and no other node', () => {
    const hosts = { [laneId('cp-1')]: healthyInput.snapshot.hosts[laneId('cp-1')]! };
    const { cluster } = withCluster({ apiEndpoints: ['10.0.0.1'], nodes: {} }).snapshot;
    expect(identityFindings('cp-1', { expected: healthyExpected, snapshot: { hosts, cluster } })).toEqual(nothing);
  });

  it('is not proven while something is unknown', () =>
    expect(identityFindings('cp-2', { expected: healthyExpected, snapshot: { hosts: {}, cluster: lost } }).unknown).not.toEqual([]));

  it('knows arguments in two words', () => {
    const input = withHost('w-1', ({ processes }) => ({ processes: processes.map((process) => ({ ...process, args: ['kubelet', '--node-ip', '10.0.0.21', '--v=2'] })) }));
    expect(identityFindings('w-1', input)).toEqual(nothing);
  });

  it("accepts a second process of the name beside the node's own", () => {
    const input = withHost('cp-1', ({ processes }) => ({ processes: [...processes, { name: 'etcd', pid: 9, startTicks: 1, args: ['etcd', '--name=of-a-pod'] }] }));
    expect(identityFindings('cp-1', input)).toEqual(nothing);
  });

  it('finds manifests of JSON patches right: quoted words', () =>
    expect(
      identityFindings('cp-1', withFileText('cp-1', '/etc/kubernetes/manifests/kube-apiserver.yaml', '--advertise-address=10.0.0.1', '"--advertise-address=10.0.0.1"')),
    ).toEqual(nothing));
});

describe('probes', () => {
  it('asks a worker for no file of a control plane', () => {
    const paths = verifyProbes({ role: 'worker' }).map((probe) => ('path' in probe ? probe.path : ''));
    expect([...new Set(paths)].sort()).toEqual([
      '/etc/hosts',
      '/etc/kubernetes/kubelet.conf',
      '/etc/kubernetes/pki/ca.crt',
      '/etc/kubernetes/super-admin.conf',
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
    ]);
  });

  it('takes no text of a file that may hold a key', () => {
    const texts = verifyProbes({ role: 'control-plane' }).flatMap((probe) => (probe.probe === 'file' && probe.text ? [probe.path] : []));
    expect(texts.every((path) => path === '/etc/hosts' || path.startsWith('/etc/kubernetes/manifests/'))).toBe(true);
  });

  it('asks for the proof of identity no more than for all', () =>
    expect(verifyProbes({ role: 'control-plane' })).toEqual(expect.arrayContaining([...identityProbes({ role: 'control-plane' })])));
});

it('gives every rule a code of its own', () => {
  expect(new Set(verifyRules.map(({ code }) => code)).size).toBe(verifyRules.length);
  expect(verifyRules).toEqual(expect.arrayContaining([...identityRules]));
});
