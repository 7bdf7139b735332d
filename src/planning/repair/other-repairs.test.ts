import { describe, expect, it } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Action } from '../../actions/action.ts';
import { KUBEADM_CONFIG, KUBE_PROXY_CONFIG, changed, cluster, manifest, setConfigMap, setFlag } from '../../rules/testing/audit-changes.ts';
import { flawed } from './testing/flaws.ts';
import type { RepairAnswer } from './plan-repair.ts';
import { afterRepair, findingsOf, repairOf } from './testing/repaired-world.ts';

const MEMBERS = ['11', '12', '13'].map((last) => `https://10.88.210.${last}:2379`);

/** The one action of a kind in a step. */
function actionOf<K extends Action['kind']>({ plan }: RepairAnswer, step: string, kind: K): Action | undefined {
  return plan.steps.find(({ id }) => id === step)?.actions.find(({ action }) => action.kind === kind)?.action;
}

/** What the plan leaves to find, and what a second one would do. */
function leftAfter(audited: AuditSnapshot, { plan }: RepairAnswer): readonly string[] {
  const after = afterRepair(audited, plan);
  return [...findingsOf(after.audited).map(({ code }) => code), ...repairOf(after.audited, after.snapshot).plan.steps.map(({ id }) => id)];
}

it('L8: an API server gets all members, one control plane at a time and while another serves', () => {
  const audited = changed(flawed([]), (draft) => {
    for (const node of ['cp-2', 'cp-3']) setFlag(draft, node, ['kube-apiserver', 'etcd-servers'], 'https://10.88.210.11:2379');
  });
  const answer = repairOf(audited);
  expect(actionOf(answer, 'cp-2/kube-apiserver', 'static-pod')).toMatchObject({ flags: [`--etcd-servers=${MEMBERS.join(',')}`] });
  expect(answer.plan.steps.find(({ id }) => id === 'cp-3/kube-apiserver')).toMatchObject({
    needs: expect.arrayContaining([expect.objectContaining({ step: 'cp-2/kube-apiserver' })]) as unknown[],
    gates: [{ gate: 'api-served-without', node: 'cp-3' }],
  });
  expect(leftAfter(audited, answer)).toEqual([]);
});

it('L8: the list that a control plane gets when it joins holds the members that there are', () => {
  const audited = changed(flawed([]), (draft) =>
    setConfigMap(draft, KUBEADM_CONFIG, (text) =>
      text.replace(/^etcd:\n(?: +.*\n)+/m, `etcd:\n  external:\n    endpoints:\n    - ${MEMBERS[0]}\n    - https://10.88.210.99:2379\n`),
    ),
  );
  const answer = repairOf(audited);
  expect(actionOf(answer, 'shared/kubeadm-config', 'config-map-entry')).toMatchObject({ text: expect.stringContaining(MEMBERS.map((url) => `    - ${url}\n`).join('')) as string });
  expect(actionOf(answer, 'shared/kubeadm-config', 'config-map-entry')).toMatchObject({ text: expect.not.stringContaining('10.88.210.99') as string });
  expect(leftAfter(audited, answer)).toEqual([]);
});

it("L32: a shell's proxy goes out of the DaemonSet, which is rolled out after", () => {
  const audited = changed(flawed([]), (draft) => {
    cluster(draft).workloads['kube-system/DaemonSet/kube-proxy']!.environment = [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }];
  });
  const answer = repairOf(audited);
  const { plan, byHand, refused } = answer;
  expect({ byHand, refused }).toEqual({ byHand: [], refused: [] });
  expect(plan.steps.map(({ actions }) => actions.map(({ action }) => action))).toMatchObject([
    [{ kind: 'workload-variables-absent', workload: 'kube-system/DaemonSet/kube-proxy', variables: ['HTTPS_PROXY'] }, { kind: 'rolled-out' }],
  ]);
  expect(leftAfter(audited, answer)).toEqual([]);
});

describe("L32: a shell's proxy in static pods", () => {
  const inManifests = (components: readonly string[]): AuditSnapshot =>
    changed(flawed([]), (draft) => {
      for (const node of ['cp-1', 'cp-2'])
        for (const component of components)
          manifest(draft, node, component).environment = [
            { name: 'HTTPS_PROXY', value: 'http://proxy:3128', line: 20 },
            { name: 'NO_PROXY', value: '10.88.210.11', line: 22 },
          ];
    });

  it('goes out of their manifests, one after another, and an API server only while another serves', () => {
    const audited = inManifests(['kube-apiserver', 'kube-scheduler']);
    const answer = repairOf(audited);
    expect({ byHand: answer.byHand, refused: answer.refused }).toEqual({ byHand: [], refused: [] });
    expect(answer.plan.steps.map(({ id, needs, gates }) => [id, needs.map(({ step }) => step), gates.length])).toEqual([
      ['cp-3/prove-api', [], 0],
      ['cp-1/kube-apiserver', ['cp-3/prove-api'], 1],
      ['cp-1/kube-scheduler', ['cp-1/kube-apiserver'], 0],
      ['cp-2/kube-apiserver', ['cp-1/kube-scheduler', 'cp-3/prove-api'], 1],
      ['cp-2/kube-scheduler', ['cp-2/kube-apiserver'], 0],
    ]);
    const pod = actionOf(answer, 'cp-2/kube-apiserver', 'static-pod');
    const text = pod?.kind === 'static-pod' ? answer.plan.texts[pod.content.text] : undefined;
    expect(text).toContain('--advertise-address=10.88.210.12');
    expect(text).not.toMatch(/PROXY|env:/);
    expect(leftAfter(audited, answer)).toEqual([]);
  });

  it('of etcd is told to a person, machine by machine: a member that starts anew takes a vote with it', () => {
    const answer = repairOf(inManifests(['etcd']));
    expect(answer.plan.steps).toEqual([]);
    expect(answer.byHand.map(({ steps }) => steps[0])).toEqual(['cp-1', 'cp-2'].map((node) => `change etcd on ${node}: the variable HTTPS_PROXY goes, the variable NO_PROXY goes`));
  });
});

it('bootstrap tokens without an end are deleted by their ids', () => {
  const audited = flawed(['tokens']);
  const answer = repairOf(audited);
  expect(actionOf(answer, 'shared/tokens', 'tokens-absent')).toMatchObject({ ids: ['aaaaaa'] });
  expect(leftAfter(audited, answer)).toEqual([]);
});

it("an address of one machine in kube-proxy's configuration is emptied, and its pods start anew", () => {
  const audited = changed(flawed([]), (draft) =>
    setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('metricsBindAddress: ""', 'metricsBindAddress: 10.88.210.11:10249')),
  );
  const answer = repairOf(audited);
  expect(actionOf(answer, 'shared/kube-proxy', 'config-map-entry')).toMatchObject({ text: expect.stringContaining('metricsBindAddress: ""') as string });
  expect(actionOf(answer, 'shared/kube-proxy', 'workload-restarted')).toMatchObject({ workload: 'kube-system/DaemonSet/kube-proxy' });
  expect(leftAfter(audited, answer)).toEqual([]);
});

it("an address of one machine goes out of the kubelets' configuration", () => {
  const audited = flawed(['kubelet']);
  const answer = repairOf(audited);
  expect(actionOf(answer, 'shared/kubelet-config', 'config-map-entry')).toMatchObject({ text: expect.not.stringMatching(/^address:/m) as string });
  expect(leftAfter(audited, answer)).toEqual([]);
});
