import { expect, it } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import { KUBE_PROXY_CONFIG, broken, cluster, members, setConfigMap, setFlag, setSharedArg } from '../testing/audit-changes.ts';
import { NOW } from '../testing/audit-healthy.ts';
import { auditFindings } from './audit-rules.ts';
import type { Fix } from './repair.ts';

function remedyOf(code: string, snapshot: AuditSnapshot): Fix | undefined {
  return auditFindings(snapshot, NOW).findings.find((finding) => finding.code === code)?.remedy;
}

const proxyField = (from: string, to: string): AuditSnapshot => broken((draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace(from, to)));

it('an entry of a list goes, since kube-proxy does not start with an empty one', () => {
  const remedy = remedyOf('shared-kube-proxy-field', proxyField('nodePortAddresses: null', 'nodePortAddresses:\n- 10.88.210.11/32'));
  expect(remedy).toMatchObject({ kind: 'automatic', repair: { kind: 'shared-value' } });
  expect(remedy).not.toHaveProperty('repair.to');
});

it('members that advertise one address are mended by hand first: in the flags they would be one member three times', () => {
  const snapshot = broken((draft) => {
    for (const member of members(draft)) Object.assign(member, { clientURLs: ['https://10.88.210.11:2379'] });
    for (const node of ['cp-2', 'cp-3']) setFlag(draft, node, ['kube-apiserver', 'etcd-servers'], 'https://10.88.210.11:2379');
  });
  expect(remedyOf('etcd-servers-stale', snapshot)).toMatchObject({ kind: 'by-hand' });
});

it('the same member named three times is one member', () => {
  const thrice = ['', '', ''].map(() => 'https://10.88.210.11:2379').join(',');
  const snapshot = broken((draft) => setFlag(draft, 'cp-2', ['kube-apiserver', 'etcd-servers'], thrice));
  expect(remedyOf('etcd-servers-stale', snapshot)).toMatchObject({ kind: 'automatic' });
});

it('no API server is given a learner', () => {
  const snapshot = broken((draft) => {
    Object.assign(
      members(draft).find(({ name }) => name === 'cp-3')!,
      { isLearner: true },
    );
    setFlag(draft, 'cp-2', ['kube-apiserver', 'etcd-servers'], 'https://10.88.210.11:2379');
  });
  expect(remedyOf('etcd-servers-stale', snapshot)).toMatchObject({ repair: { servers: ['https://10.88.210.11:2379', 'https://10.88.210.12:2379'] } });
});

it.each<readonly [what: string, kind: Fix['kind'], change: (draft: Parameters<Parameters<typeof broken>[0]>[0]) => void]>([
  ['two pods and two nodes that are ready: started anew', 'automatic', () => undefined],
  ['one pod alone: by hand', 'by-hand', (draft) => Object.assign(cluster(draft).workloads['kube-system/Deployment/coredns']!, { podNodes: ['w-1'], desired: 1, ready: 1 })],
  ['one node that is ready: by hand', 'by-hand', (draft) => Object.values(cluster(draft).nodes).forEach((node) => Object.assign(node, { isReady: node.name === 'w-1' }))],
])('CoreDNS on one node, %s', (_, kind, change) => {
  const snapshot = broken((draft) => {
    cluster(draft).workloads['kube-system/Deployment/coredns']!.podNodes = ['w-1', 'w-1'];
    change(draft);
  });
  expect(remedyOf('coredns-on-one-node', snapshot)).toMatchObject({ kind });
});

it('a flag that runs on a machine it is not of is left to a person, machine by machine', () => {
  const snapshot = broken((draft) => {
    setSharedArg(draft, 'peer-advertise-ip', '10.88.210.11');
    for (const node of ['cp-1', 'cp-2']) setFlag(draft, node, ['kube-apiserver', 'peer-advertise-ip'], '10.88.210.11');
  });
  const remedy = remedyOf('shared-node-flag', snapshot);
  expect(remedy).toMatchObject({ kind: 'by-hand' });
  expect(remedy?.kind === 'by-hand' ? remedy.steps.join('\n') : '').toMatch(/kubeadm-config\n.*peer-advertise-ip=10\.88\.210\.11 out of kube-apiserver on cp-2/);
});
