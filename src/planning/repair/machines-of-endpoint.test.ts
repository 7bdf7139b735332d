import { describe, expect, it } from 'vitest';
import { known } from '../../plan/fact.ts';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { SnapshotDraft } from '../../rules/testing/audit-changes.ts';
import { KUBEADM_CONFIG, changed, manifest, on, setConfigMap, setFlag } from '../../rules/testing/audit-changes.ts';
import { flawed } from './testing/flaws.ts';
import type { RepairAnswer } from './plan-repair.ts';
import { afterRepair, findingsOf, repairOf, secondLook } from './testing/repaired-world.ts';

const ids = ({ plan }: RepairAnswer): readonly string[] => plan.steps.map(({ id }) => id);
const saidOf = ({ byHand }: RepairAnswer, code: string): string =>
  byHand
    .filter((each) => each.code === code)
    .flatMap(({ steps }) => steps)
    .join('\n');

/** A machine that was named to be looked at and is no node, as an etcd host of its own is. */
function withEtcdHost(draft: SnapshotDraft): void {
  const { interfaces, ...worker } = structuredClone(on(draft, 'w-1'));
  const addresses = ['10.88.210.41'];
  draft.machines.push({
    ...{ name: 'etcd-1', address: '10.88.210.41' },
    facts: known({ ...worker, interfaces: interfaces.map((each) => ({ ...each, addresses })), processes: [], kubeconfigs: {} }),
  });
}

describe('a machine that is no node', () => {
  it('gets no proxy and no line in its hosts file, and nobody waits for it; a kubeconfig there that leads to one machine is told to a person', () => {
    const answer = repairOf(
      changed(flawed(['endpoint']), (draft) => {
        withEtcdHost(draft);
        on(draft, 'etcd-1').kubeconfigs = { '/etc/kubernetes/admin.conf': structuredClone(on(draft, 'cp-2').kubeconfigs['/etc/kubernetes/admin.conf']!) };
      }),
    );
    expect(ids(answer)).toEqual(ids(repairOf(flawed(['endpoint']))));
    expect(answer.refused).toEqual([]);
    expect(saidOf(answer, 'admin-conf-of-one-node')).toContain('etcd-1 is no node of the cluster and gets no proxy: lead /etc/kubernetes/admin.conf there');
  });
});

describe("somebody's balancer", () => {
  const [OURS, NAME] = ['api.dev.kubewright.internal', 'api.example.internal'];
  /** An endpoint of somebody's balancer, and an etcd host of its own whose admin.conf leads past it. */
  const audited = changed(flawed([]), (draft) => {
    withEtcdHost(draft);
    setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace(`${OURS}:7443`, `${NAME}:6443`));
    for (const { name } of draft.machines) {
      const facts = on(draft, name);
      facts.names = { ...facts.names, [NAME]: ['10.88.210.100'] };
      for (const certificate of Object.values(facts.certificates)) if (certificate.names.includes(OURS)) certificate.names.push(NAME);
    }
    on(draft, 'etcd-1').kubeconfigs = {
      '/etc/kubernetes/admin.conf': { ...structuredClone(on(draft, 'cp-2').kubeconfigs['/etc/kubernetes/admin.conf']!), server: 'https://10.88.210.11:6443' },
    };
  });

  it('serves machines that are no nodes too: a kubeconfig there is led to it, after the proof that it answers there', () => {
    const answer = repairOf(audited);
    expect(answer.plan.steps.map(({ id, needs }) => [id, needs.map(({ step }) => step)])).toEqual([
      ['etcd-1/prove-endpoint', []],
      ['etcd-1/people-kubeconfigs', ['etcd-1/prove-endpoint']],
    ]);
    expect(answer.plan.steps[1]?.actions).toMatchObject([{ action: { kind: 'kubeconfig-server', to: `https://${NAME}:6443` } }]);
    expect({ said: saidOf(answer, 'admin-conf-of-one-node'), refused: answer.refused }).toEqual({ said: '', refused: [] });
    const after = afterRepair(audited, answer.plan);
    expect(findingsOf(after.audited).map(({ code }) => code)).not.toContain('admin-conf-of-one-node');
    expect(ids(repairOf(after.audited, after.snapshot))).toEqual([]);
  });

  it('that is unknown there is nobody led to', () => {
    const answer = repairOf(changed(audited, (draft) => void (on(draft, 'etcd-1').names = { [NAME]: [] })));
    expect(ids(answer)).toEqual([]);
    expect(saidOf(answer, 'admin-conf-of-one-node')).toContain(`${NAME} resolves to nothing on etcd-1`);
  });
});

describe('shared places that hold the endpoint already, whose name one worker resolves to one control plane', () => {
  const audited = changed(flawed([]), (draft) => {
    on(draft, 'w-1').names['api.dev.kubewright.internal'] = ['10.88.210.12'];
  });

  it('stay as they are: a proxy on every machine mends what the name leads to, and is proven', () => {
    const answer = repairOf(audited);
    expect(findingsOf(audited).map(({ code }) => code)).toContain('endpoint-of-one-node');
    expect(ids(answer).filter((id) => id.startsWith('shared/'))).toEqual([]);
    expect(ids(answer)).toEqual(['endpoint', 'prove-endpoint'].flatMap((step) => ['cp-1', 'cp-2', 'cp-3', 'w-1'].map((node) => `${node}/${step}`)));
    expect(answer.byHand).toEqual([]);
    const after = afterRepair(audited, answer.plan);
    expect(findingsOf(after.audited).map(({ code }) => code)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot))).toEqual([]);
  });

  it('are told to a person where no machine can be given one', () => {
    const seen = secondLook(audited);
    const answer = repairOf(audited, {
      ...seen,
      hosts: Object.fromEntries(
        Object.entries(seen.hosts).map(([lane, fact]) => [
          lane,
          fact.state === 'known' ? known({ ...fact.value, files: { ...fact.value.files, '/etc/hosts': { type: 'absent' } } }) : fact,
        ]),
      ),
    });
    expect(ids(answer)).toEqual([]);
    expect(saidOf(answer, 'endpoint-of-one-node')).toBe(
      [
        'controlPlaneEndpoint in ClusterConfiguration of ConfigMap kube-system/kubeadm-config is api.dev.kubewright.internal:7443 as it should be, and that is one machine',
        'make https://api.dev.kubewright.internal:7443 lead to every API server, on every machine',
      ].join('\n'),
    );
    expect(saidOf(answer, 'kube-proxy-of-one-node')).toContain('is https://api.dev.kubewright.internal:7443 as it should be');
  });
});

describe("an API server's own address", () => {
  const noted = (address: string, change: (draft: SnapshotDraft) => void = () => undefined): AuditSnapshot =>
    changed(flawed(['advertise']), (draft) => {
      manifest(draft, 'cp-2', 'kube-apiserver').advertisedEndpoint = `${address}:6443`;
      change(draft);
    });
  const flagsOf = ({ plan }: RepairAnswer, node: string) =>
    plan.steps.find(({ id }) => id === `${node}/kube-apiserver`)?.actions.flatMap(({ action }) => (action.kind === 'static-pod' ? action.flags : []));
  const withSecond = (draft: SnapshotDraft): void => {
    on(draft, 'cp-2').interfaces.push({ name: 'eth1', mac: '02:00:00:00:99:02', addresses: ['10.89.0.12'], floating: [] });
    on(draft, 'cp-2').certificates['/etc/kubernetes/pki/apiserver.crt']!.addresses.push('10.89.0.12');
  };

  it("is what kubeadm noted in its manifest, where the machine has it, not its node's", () => {
    const audited = noted('10.89.0.12', withSecond);
    const answer = repairOf(audited);
    expect(flagsOf(answer, 'cp-2')).toEqual(['--advertise-address=10.89.0.12']);
    expect(flagsOf(answer, 'cp-3')).toEqual(['--advertise-address=10.88.210.13']);
    const after = afterRepair(audited, answer.plan);
    expect(findingsOf(after.audited).map(({ code }) => code)).toEqual([]);
  });

  it('is left to a person where the note names an address that the machine has not; the others are mended', () => {
    const answer = repairOf(noted('10.88.210.99'));
    expect(ids(answer)).toEqual(['shared/kubeadm-config', 'cp-1/prove-api', 'cp-2/prove-api', 'cp-3/kube-apiserver']);
    expect(saidOf(answer, 'shared-advertise-address')).toMatch(
      /cp-2: the manifest of its API server calls 10\.88\.210\.99 its own address, which it is not; its node is known by 10\.88\.210\.12\n/,
    );
  });

  it("is left to a person too where the shared value is gone and the flag is still another machine's", () => {
    const audited = changed(flawed([]), (draft) => {
      setFlag(draft, 'cp-2', ['kube-apiserver', 'advertise-address'], '10.88.210.11');
      manifest(draft, 'cp-2', 'kube-apiserver').advertisedEndpoint = '10.88.210.99:6443';
    });
    const answer = repairOf(audited);
    expect(ids(answer)).toEqual([]);
    expect(saidOf(answer, 'advertise-address-foreign')).toContain('find out which address is its own');
  });
});

it('a kubeconfig that names the endpoint already, on a machine that alone resolves it to one control plane, is told to a person', () => {
  const [OURS, NAME] = ['api.dev.kubewright.internal', 'api.example.internal'];
  const audited = changed(flawed([], { controlPlanes: 3, workers: 2 }), (draft) => {
    setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace(`${OURS}:7443`, `${NAME}:6443`));
    for (const { name } of draft.machines) {
      const facts = on(draft, name);
      facts.names = { ...facts.names, [NAME]: [name === 'w-2' ? '10.88.210.11' : '10.88.210.100'] };
      for (const certificate of Object.values(facts.certificates)) if (certificate.names.includes(OURS)) certificate.names.push(NAME);
    }
    on(draft, 'w-2').kubeconfigs['/etc/kubernetes/kubelet.conf']!.server = `https://${NAME}:6443`;
  });
  const answer = repairOf(audited);
  expect(ids(answer)).toEqual([]);
  expect(saidOf(answer, 'kubelet-of-one-node')).toContain(`/etc/kubernetes/kubelet.conf on w-2 leads to https://${NAME}:6443 as it should, and that is one machine`);
});
