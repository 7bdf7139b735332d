import { describe, expect, it } from 'vitest';
import { clusterCases } from '../testing/audit-cluster-cases.ts';
import { broken, manifest } from '../testing/audit-changes.ts';
import { NOW, ourCluster } from '../testing/audit-healthy.ts';
import { identityCases } from '../testing/audit-identity-cases.ts';
import { componentCases } from '../testing/audit-component-cases.ts';
import { machineCases } from '../testing/audit-machine-cases.ts';
import { sharedCases } from '../testing/audit-shared-cases.ts';
import { auditFindings, auditRules } from './audit-rules.ts';

const cases = [...sharedCases, ...machineCases, ...componentCases, ...identityCases, ...clusterCases];
/** Weaknesses that the recorded cluster of Kubespray's has before anything is broken in it. */
const KUBESPRAYS = new Set([
  'endpoint-of-one-node',
  'cluster-info-of-one-node',
  'admin-conf-of-one-node',
  'shared-etcd-client-certificate',
  'hostname-override-shared',
  'certificate-endless',
  'join-insecure',
  'super-admin-conf',
  'etcd-members-by-position',
  'join-file-left',
]);

describe('a healthy cluster of ours', () => {
  it.each([
    [1, 0],
    [1, 2],
    [3, 1],
    [5, 3],
  ])('with %i control planes and %i workers gives nothing to say', (controlPlanes, workers) =>
    expect(auditFindings(ourCluster(controlPlanes, workers), NOW)).toEqual({ findings: [], unknown: [] }),
  );
});

describe('one broken thing is found by name, and nothing else is reported', () => {
  it.each(cases)('%s', (...[, snapshot, code, severity, evidence]) => {
    const isKubesprays = snapshot.machines.some(({ name }) => name === 'k1');
    const { findings } = auditFindings(snapshot, NOW);
    const others = isKubesprays ? findings.filter((finding) => !KUBESPRAYS.has(finding.code) || finding.code === code) : findings;
    expect([...new Set(others.map((finding) => finding.code))]).toEqual([code]);
    expect(
      others.some((finding) => finding.severity === severity && finding.evidence.join('\n').includes(evidence)),
      others.map((finding) => [finding.severity, ...finding.evidence].join('\n')).join('\n'),
    ).toBe(true);
  });

  it('is known for every rule', () => {
    const fired = new Set([...cases.map(([, , code]) => code), ...KUBESPRAYS]);
    expect(auditRules.map(({ code }) => code).filter((code) => !fired.has(code))).toEqual([]);
  });
});

it('tells an address in a manifest that the kubelet has not taken beside what else of it does not run, each once', () => {
  const snapshot = broken((draft) => {
    const pod = manifest(draft, 'cp-2', 'kube-apiserver');
    const args = pod.args.map(({ text, line }) => ({ text: text.startsWith('--advertise-address=') ? '--advertise-address=10.88.210.11' : text, line }));
    pod.args = [...args, { text: '--event-ttl=2h', line: 99 }];
  });
  const { findings } = auditFindings(snapshot, NOW);
  expect(findings.map(({ code, remedy }) => [code, remedy.kind])).toEqual([
    ['advertise-address-foreign', 'by-hand'],
    ['manifest-not-running', 'by-hand'],
  ]);
  expect(findings.flatMap(({ evidence }) => evidence).filter((line) => line.includes('advertise-address'))).toHaveLength(1);
});

it('says of each rule whether its findings can be mended, and one that says so has a case that is', () => {
  const automatic = cases.flatMap(([, snapshot, code]) => auditFindings(snapshot, NOW).findings.filter((finding) => finding.code === code && finding.remedy.kind === 'automatic'));
  const mended = auditRules.filter(({ isMended }) => isMended === true).map(({ code }) => code);
  const fromKubespray = ['endpoint-of-one-node', 'cluster-info-of-one-node', 'admin-conf-of-one-node', 'hostname-override-shared', 'super-admin-conf', 'join-file-left'];
  expect([...new Set(automatic.map(({ code }) => code))].filter((code) => !mended.includes(code))).toEqual([]);
  expect(mended.filter((code) => !automatic.some((finding) => finding.code === code) && !fromKubespray.includes(code))).toEqual([]);
});

it('gives every rule a code of its own, and all that a person needs', () => {
  expect(new Set(auditRules.map(({ code }) => code)).size).toBe(auditRules.length);
  for (const { title, why, fix } of auditRules) expect([title, why, fix].every((text) => text.trim() !== '')).toBe(true);
});
