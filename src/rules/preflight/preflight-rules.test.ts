import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCluster, anyHost, memberFact, nodeFact } from '../../facts/testing/fact-arbitraries.ts';
import type { ClusterFacts } from '../../facts/cluster-facts.ts';
import { KUBEADM_TRACES } from '../../facts/kubernetes-paths.ts';
import { groundText, groundWith } from '../../facts/testing/recorded-ground.ts';
import { parseGround } from '../../facts/ground/parse-ground.ts';
import { known, unknown } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import { preflightNodes, readyHost, readyInput, withFact, withGround, withMachine, withNetwork } from '../testing/preflight-bare.ts';
import { preflightCases } from '../testing/preflight-cases.ts';
import { distributionCases, distributionReports } from '../testing/preflight-distribution-cases.ts';
import type { PreflightInput } from './preflight-input.ts';
import { preflightFindings, preflightProbes, preflightRules } from './preflight-rules.ts';

const nothing = { findings: [], unknown: [] };

/** A member as the planner sees one: its files are there, and the cluster knows it. */
function members(names: readonly string[], change: Partial<ClusterFacts> = {}): PreflightInput {
  const nodes = Object.fromEntries(
    preflightNodes.filter(({ name }) => names.includes(name)).map(({ name, role }) => [name, nodeFact(name, { isControlPlane: role === 'control-plane' })]),
  );
  const controlPlanes = names.filter((name) => name.startsWith('cp-'));
  const cluster: ClusterFacts = {
    ...{ via: laneId('cp-1'), uid: 'u', version: 'v1.36.3', nodes, configMaps: {}, apiEndpoints: [], workloads: {}, bootstrapTokens: [] },
    etcdMembers: known(controlPlanes.map((name) => memberFact(name))),
    ...change,
  };
  const hosts = preflightNodes.map((node) => {
    const isMember = names.includes(node.name);
    const files = Object.fromEntries(KUBEADM_TRACES.map((path) => [path, { type: 'file', sha256: '', sizeBytes: 1, mode: '600', owner: 'root:root' } as const]));
    // What a member shows: its own ports are taken, its directories full of files.
    const ground = groundWith(['', 'prepared|yes\nremain|/etc/kubernetes/pki/ca.crt\nsocket|tcp LISTEN 0 5 *:10250 *:* users:(("kubelet",pid=7,fd=3))']);
    const host = readyHost(node, isMember ? ground : undefined);
    return [laneId(node.name), known(isMember ? { ...host, files: { ...host.files, ...files }, hasEtcdData: node.role === 'control-plane' } : host)] as const;
  });
  return { ...readyInput, snapshot: { hosts: Object.fromEntries(hosts), cluster: known(cluster) } };
}

describe('machines that are ready', () => {
  it('give nothing to say', () => expect(preflightFindings(readyInput)).toEqual(nothing));
  it('give nothing to say where the network was not tried', () => expect(preflightFindings({ ...readyInput, network: undefined })).toEqual(nothing));
});

it("packages that a machine lacks are nobody's complaint where an archive for its release has them", () => {
  const packages = { from: { osId: 'debian', osVersion: '12' } } as const;
  expect(preflightFindings({ ...readyInput, packages })).toEqual(nothing);
});

describe('one wrong thing', () => {
  it.each([...preflightCases, ...distributionCases])('%s', (...[, input, code, severity, node, evidence]) => {
    const { findings, unknown: unseen } = preflightFindings(input);
    expect(unseen).toEqual([]);
    expect(findings.map((finding) => [finding.code, finding.severity, finding.node])).toEqual([[code, severity, node]]);
    expect(findings[0]?.evidence.join('\n')).toContain(evidence);
  });

  it('is known for every rule', () => {
    const fired = new Set([...preflightCases, ...distributionCases].map(([, , code]) => code)).add('cluster-unhealthy');
    expect(preflightRules.map(({ code }) => code).filter((code) => !fired.has(code))).toEqual([]);
  });

  it('carries the remedy that ssh itself has', () => {
    const [finding] = preflightFindings(withFact('w-1', { state: 'unreachable', why: 'w-1 shows another host key', advice: 'next: ssh-keygen -R 10.0.0.21' })).findings;
    expect(finding).toMatchObject({ evidence: ['w-1 shows another host key'], fix: 'ssh-keygen -R 10.0.0.21' });
  });

  it('is told beside all others', () => {
    const input = withGround('w-1', ['user|0', 'user|1000'], ['', 'program|/usr/bin/kubelet'], ['', 'remain|/etc/kubernetes/kubelet.conf'], ['nameserver|10.0.0.254\n', '']);
    expect(preflightFindings(input).findings.map(({ code }) => code)).toEqual(['root-rights-missing', 'resolver-unfit', 'remains', 'programs-in-the-way']);
  });
});

describe('a machine of another distribution', () => {
  it.each(distributionReports)('%s', (_what, input, told) => {
    const { findings, unknown: unseen } = preflightFindings(input);
    expect(unseen).toEqual([]);
    expect(findings.map(({ code, severity, node }) => [code, severity, node])).toEqual(told.map(([code, severity]) => [code, severity, 'w-1']));
    for (const [index, [, , fix]] of told.entries()) expect(findings[index]?.fix).toContain(fix);
  });
});

describe('what is the own of the cluster', () => {
  const everyone = preflightNodes.map(({ name }) => name);

  it('is nothing to speak of on members', () => expect(preflightFindings(members(everyone))).toEqual(nothing));

  it('is nothing to speak of when one joins', () => expect(preflightFindings(members(everyone.filter((name) => name !== 'w-1')))).toEqual(nothing));

  it('and down is not taken for what another left', () => {
    const { snapshot, ...rest } = members(everyone);
    expect(preflightFindings({ ...rest, snapshot: { ...snapshot, cluster: unknown('no control plane answered') } })).toEqual(nothing);
  });

  it('and unreached does not keep others from going on', () => {
    const input = members(['cp-1', 'cp-2', 'cp-3', 'w-1']);
    const lost = { ...input, snapshot: { ...input.snapshot, hosts: { ...input.snapshot.hosts, [laneId('w-1')]: unknown('it is off') } } };
    expect(preflightFindings(lost)).toEqual({ findings: [], unknown: [{ node: 'w-1', what: 'the machine', why: 'it is off' }] });
  });

  it('and not healthy is said when a control plane joins', () => {
    const sick = known([memberFact('cp-1'), memberFact('cp-2', { isHealthy: false })]);
    const { findings } = preflightFindings(members(['cp-1', 'cp-2'], { etcdMembers: sick }));
    expect(findings.map(({ code, severity, node }) => [code, severity, node])).toEqual([['cluster-unhealthy', 'notice', 'cp-2']]);
  });

  it.each(['kubewright-api-proxy.service', 'kubelet.service'])('is known by its unit after a run that was cut off: %s', (unit) => {
    const port = unit === 'kubelet.service' ? 10_250 : 7443;
    const socket = `socket|tcp LISTEN 0 5 127.0.0.1:${port} 0.0.0.0:* users:(("haproxy",pid=9,fd=3))\nunit|9|0::/system.slice/${unit}`;
    expect(preflightFindings(withGround('w-1', ['', `${socket}\nprepared|yes`]))).toEqual(nothing);
    expect(preflightFindings(withGround('w-1', ['', socket])).findings.map(({ code }) => code)).toEqual(['port-taken']);
  });
});

it('a listener of an earlier try gives nothing to say: it ends by itself', () => {
  const socket = 'socket|tcp LISTEN 0 64 10.0.0.21:10250 0.0.0.0:* users:(("kubewright-try-",pid=9,fd=3))';
  expect(preflightFindings(withGround('w-1', ['', socket]))).toEqual(nothing);
});

describe('a machine on which a join of ours failed early', () => {
  const placed = 'remain|/etc/kubernetes/pki/ca.crt';

  it('has no remains of another cluster', () => expect(preflightFindings(withGround('cp-2', ['', `${placed}\nprepared|yes`]))).toEqual(nothing));
  it('has, where no run of ours was there', () => expect(preflightFindings(withGround('cp-2', ['', placed])).findings.map(({ code }) => code)).toEqual(['remains']));
});

it('cloud-init that is told to keep /etc/hosts by the last that speaks of it gives nothing to say', () => {
  const lines = 'cloudinit|/etc/cloud/cloud.cfg:manage_etc_hosts: true\ncloudinit|/etc/cloud/cloud.cfg.d/99-hosts.cfg:manage_etc_hosts: false';
  expect(preflightFindings(withGround('w-1', ['', lines]))).toEqual(nothing);
});

describe('what could not be seen', () => {
  it.each<readonly [string, PreflightInput, object]>([
    ['ports, without ss', withGround('w-1', ['sockets|complete\n', '']), { node: 'w-1', what: 'who listens on which port', why: 'there is no program ss' }],
    [
      'product_uuid of a container',
      withMachine('w-1', ({ identity }) => ({ identity: { ...identity, productUuid: unknown('it is the host’s') } })),
      { node: 'w-1', what: 'product_uuid' },
    ],
    [
      'kernel features that the kernel does not tell',
      withGround('w-1', ['feature|vxlan|yes', 'feature|vxlan|unknown']),
      { node: 'w-1', what: 'kernel features vxlan', why: 'the kernel has no directory of modules, and does not tell' },
    ],
    [
      'kernel features of a container',
      withMachine('w-1', ({ platform, ground }) => ({ platform: { ...platform, container: 'lxc' }, ...(ground !== undefined && { ground: { ...ground, kernelFeatures: {} } }) })),
      { node: 'w-1', what: 'kernel features overlay, br_netfilter, nf_conntrack, vxlan' },
    ],
    ['the network, without perl', { ...readyInput, network: { ...readyInput.network, 'w-1': unknown('there is no perl') } }, { node: 'w-1', why: 'there is no perl' }],
    [
      'a port on which nothing of ours listened',
      withNetwork('w-1', ({ ports }) => ({ ports: ports.map((each) => (each.to === 'cp-1' ? { ...each, outcome: 'deaf' } : each)) })),
      { node: 'cp-1', what: 'whether others reach its ports 6443/tcp 8472/udp' },
    ],
  ])('%s is told, and is no finding', (_, input, unseen) => {
    const result = preflightFindings(input);
    expect(result.findings).toEqual([]);
    expect(result.unknown).toMatchObject([unseen]);
  });
});

describe('rules', () => {
  it('have a code of their own, and all that a person needs', () => {
    expect(new Set(preflightRules.map(({ code }) => code)).size).toBe(preflightRules.length);
    for (const { title, why, fix } of preflightRules) expect([title, why, fix].every((text) => text.trim() !== '')).toBe(true);
  });

  it('judge any machines without failing', () => {
    const anyGround = fc.subarray(groundText.split('\n')).map((lines) => parseGround(lines.join('\n')));
    const anyInput = fc
      .record({
        hosts: fc.tuple(
          ...preflightNodes.map(({ name }) =>
            fc.oneof(
              fc.constant(unknown('off')),
              fc.record({ host: anyHost(name, preflightProbes), ground: anyGround }).map(({ host, ground }) => known({ ...host, ...(ground !== undefined && { ground }) })),
            ),
          ),
        ),
        cluster: fc.oneof(fc.constant(unknown('none')), anyCluster(['cp-1', 'cp-2', 'w-1', 'gone'], ['kube-system/DaemonSet/kube-proxy']).map(known)),
        isTried: fc.boolean(),
      })
      .map(({ hosts, cluster, isTried }): PreflightInput => {
        const snapshot = { hosts: Object.fromEntries(preflightNodes.map(({ name }, index) => [laneId(name), hosts[index] ?? unknown('none')])), cluster };
        return { ...readyInput, snapshot, network: isTried ? readyInput.network : undefined };
      });
    fc.assert(
      fc.property(anyInput, (input) => {
        const { findings } = preflightFindings(input);
        for (const { evidence, title, why, fix } of findings) expect([title, why, fix, ...evidence].every((text) => text.trim() !== '')).toBe(true);
      }),
    );
  });
});
