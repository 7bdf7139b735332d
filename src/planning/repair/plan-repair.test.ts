import { describe, expect, it } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import { KUBEADM_CONFIG, changed, on, setConfigMap, setFlag } from '../../rules/testing/audit-changes.ts';
import type { DeployPlan } from '../step-types.ts';
import type { SnapshotDraft } from '../../rules/testing/audit-changes.ts';
import { afterRepair, findingsOf, repairOf, secondLook } from './testing/repaired-world.ts';
import { flawed } from './testing/flaws.ts';

const ids = ({ steps }: DeployPlan): readonly string[] => steps.map(({ id }) => id);
const outline = ({ steps }: DeployPlan): readonly string[] =>
  steps.map(({ id, needs }) => `${id}${needs.length === 0 ? '' : ` after ${needs.map(({ step }) => step).join(', ')}`}`);

describe('L0', () => {
  const audited = flawed(['advertise']);
  const { plan, refused, byHand } = repairOf(audited);

  it('is taken out of shared state first, then mended on one control plane after another', () => {
    expect({ refused, byHand }).toEqual({ refused: [], byHand: [] });
    expect(outline(plan)).toEqual([
      'shared/kubeadm-config',
      'cp-1/prove-api',
      'cp-2/kube-apiserver after shared/kubeadm-config, cp-1/prove-api',
      'cp-3/kube-apiserver after cp-2/kube-apiserver, cp-1/prove-api',
    ]);
  });

  it('leaves nothing to find, and a second plan is empty', () => {
    const after = afterRepair(audited, plan);
    expect(findingsOf(after.audited)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot).plan)).toEqual([]);
  });
});

describe('an endpoint that is one machine', () => {
  const audited = flawed(['endpoint']);
  const { plan, refused, byHand } = repairOf(audited);

  it('is left in the order of who relies on whom', () => {
    expect({ refused, byHand }).toEqual({ refused: [], byHand: [] });
    expect(outline(plan)).toMatchInlineSnapshot(`
      [
        "cp-1/serving-certificate",
        "cp-2/serving-certificate after cp-1/serving-certificate",
        "cp-3/serving-certificate after cp-2/serving-certificate",
        "cp-1/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "cp-2/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "cp-3/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "w-1/endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate",
        "cp-1/prove-endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-1/endpoint",
        "cp-2/prove-endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-2/endpoint",
        "cp-3/prove-endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-3/endpoint",
        "w-1/prove-endpoint after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, w-1/endpoint",
        "shared/kube-proxy-endpoint after cp-1/prove-endpoint, cp-2/prove-endpoint, cp-3/prove-endpoint, w-1/prove-endpoint",
        "cp-2/people-kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-2/prove-endpoint",
        "cp-3/people-kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, cp-3/prove-endpoint",
        "w-1/kubeconfigs after cp-1/serving-certificate, cp-2/serving-certificate, cp-3/serving-certificate, w-1/prove-endpoint",
        "shared/endpoint after cp-1/prove-endpoint, cp-2/prove-endpoint, cp-3/prove-endpoint, w-1/prove-endpoint, w-1/kubeconfigs, shared/kube-proxy-endpoint",
      ]
    `);
  });

  it('leaves nothing to find, and a second plan is empty', () => {
    const after = afterRepair(audited, plan);
    expect(findingsOf(after.audited)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot).plan)).toEqual([]);
  });
});

/** A machine that answered nobody. */
function without(audited: AuditSnapshot, name: string): AuditSnapshot {
  return { ...audited, machines: audited.machines.map((machine) => (machine.name === name ? { ...machine, facts: { state: 'unreachable', why: 'no answer' } } : machine)) };
}

/** A run that did these steps and no more: what it wrote is there, what should have been proven was not. */
function died(audited: AuditSnapshot, isDone: (id: string) => boolean): DeployPlan {
  const { plan } = repairOf(audited);
  const after = afterRepair(audited, { ...plan, steps: plan.steps.filter(({ id }) => isDone(id)) });
  return repairOf(after.audited, after.snapshot).plan;
}
const needsOf = ({ steps }: DeployPlan, id: string): readonly string[] => steps.find((step) => step.id === id)?.needs.map(({ step }) => step) ?? [];

describe('after a run whose proof failed', () => {
  const PROOFS = ['cp-1/prove-endpoint', 'cp-2/prove-endpoint', 'cp-3/prove-endpoint', 'w-1/prove-endpoint'];

  it('nobody is led to the endpoint before it is proven there, though all that serves it is written', () => {
    const plan = died(flawed(['endpoint']), (id) => id.endsWith('/serving-certificate') || /^(cp|w)-\d\/endpoint$/.test(id));
    expect(ids(plan)).toEqual([...PROOFS, 'shared/kube-proxy-endpoint', 'cp-2/people-kubeconfigs', 'cp-3/people-kubeconfigs', 'w-1/kubeconfigs', 'shared/endpoint']);
    expect(needsOf(plan, 'shared/kube-proxy-endpoint')).toEqual(PROOFS);
    expect(needsOf(plan, 'shared/endpoint')).toEqual(expect.arrayContaining(PROOFS));
    expect(needsOf(plan, 'w-1/kubeconfigs')).toEqual(['w-1/prove-endpoint']);
  });

  it('no API server starts anew before those that were started before are proven', () => {
    const plan = died(flawed(['advertise']), (id) => id === 'shared/kubeadm-config' || id === 'cp-2/kube-apiserver');
    expect(outline(plan)).toEqual(['cp-1/prove-api', 'cp-2/prove-api', 'cp-3/kube-apiserver after cp-1/prove-api, cp-2/prove-api']);
    expect(plan.steps[1]?.actions).toMatchObject([{ role: 'means', action: { kind: 'api-serving', node: 'cp-2', address: '10.88.210.12' } }]);
  });
});

it('a restart of kube-proxy that a run owes is made by the next, which finds a good ConfigMap, and by no other', () => {
  const audited = flawed(['proxyName']);
  const { plan } = repairOf(audited);
  const isEntry = ({ action }: DeployPlan['steps'][number]['actions'][number]): boolean => action.kind === 'config-map-entry';
  const dead = afterRepair(audited, { ...plan, steps: plan.steps.map((step) => ({ ...step, actions: step.actions.filter(isEntry) })) });
  expect(findingsOf(dead.audited).map(({ code }) => code)).toEqual(['workload-restart-due']);
  const next = repairOf(dead.audited, dead.snapshot).plan;
  expect(next.steps.map(({ actions }) => actions.map(({ action }) => action.kind))).toEqual([['workload-restarted', 'rolled-out']]);
  const after = afterRepair(dead.audited, next, dead.snapshot);
  expect(findingsOf(after.audited)).toEqual([]);
  expect(ids(repairOf(after.audited, after.snapshot).plan)).toEqual([]);
});

describe('a machine that cannot be seen', () => {
  it('leaves its own manifest as it is, and lets the others be mended', () => {
    const { plan, refused } = repairOf(without(flawed(['advertise']), 'cp-2'));
    expect(ids(plan)).toEqual(['shared/kubeadm-config', 'cp-1/prove-api', 'cp-3/kube-apiserver']);
    expect(refused).toEqual([
      { id: 'cp-2/kube-apiserver', lane: 'cp-2', why: 'the machine could not be seen (no answer): whether shared-advertise-address concerns it is not known' },
    ]);
  });

  it('that is a control plane keeps everybody from being led to a name that it does not carry', () => {
    const { plan, refused } = repairOf(without(flawed(['endpoint']), 'cp-3'));
    expect(ids(plan)).toEqual(['cp-1/serving-certificate', 'cp-2/serving-certificate']);
    expect(refused.map(({ id }) => id)).toEqual(expect.arrayContaining(['cp-3/serving-certificate', 'w-1/endpoint', 'shared/kube-proxy-endpoint', 'shared/endpoint']));
  });

  it('that is a worker keeps what it shares with others from naming what it does not serve', () => {
    const { plan, refused } = repairOf(without(flawed(['endpoint']), 'w-1'));
    expect(refused.map(({ id }) => id).sort()).toEqual(['shared/endpoint', 'shared/kube-proxy-endpoint', 'w-1/endpoint', 'w-1/prove-endpoint']);
    expect(ids(plan)).toContain('cp-2/people-kubeconfigs');
  });
});

describe('an API server', () => {
  const podOf = (plan: DeployPlan, id: string) => plan.steps.find((step) => step.id === id)?.actions.find(({ action }) => action.kind === 'static-pod')?.action;

  it('is killed where others advertise its address, since it would take theirs away', () => {
    expect(podOf(repairOf(flawed(['advertise'])).plan, 'cp-2/kube-apiserver')).toMatchObject({
      kill: expect.stringContaining('10.88.210.11, which cp-1, cp-3 advertise too') as string,
    });
  });

  it("is asked to end where the address is nobody else's", () => {
    const audited = changed(flawed([]), (draft) => setFlag(draft, 'cp-2', ['kube-apiserver', 'advertise-address'], '10.88.210.99'));
    expect(podOf(repairOf(audited).plan, 'cp-2/kube-apiserver')).toMatchObject({ flags: ['--advertise-address=10.88.210.12'] });
    expect(podOf(repairOf(audited).plan, 'cp-2/kube-apiserver')).not.toHaveProperty('kill');
  });

  it('starts anew only while another one serves', () => {
    const gates = repairOf(flawed(['advertise'])).plan.steps.find(({ id }) => id === 'cp-3/kube-apiserver')?.gates;
    expect(gates).toMatchObject([{ gate: 'api-served-without', node: 'cp-3', others: [{ node: 'cp-1', server: 'https://10.88.210.11:6443' }, { node: 'cp-2' }] }]);
  });
});

it('keeps an endpoint that names no machine: only what leads past it is mended', () => {
  const audited = changed(flawed([]), (draft) => {
    const file = on(draft, 'w-1').kubeconfigs['/etc/kubernetes/kubelet.conf'];
    if (file !== undefined) file.server = 'https://10.88.210.11:6443';
  });
  const { plan } = repairOf(audited);
  expect(ids(plan)).toEqual(['w-1/prove-endpoint', 'w-1/kubeconfigs']);
  expect(plan.steps[1]?.actions[0]?.action).toMatchObject({ to: 'https://api.dev.kubewright.internal:7443', reader: { unit: 'kubelet.service' } });
});

it('leads the programs of a control plane to the API server beside them', () => {
  const audited = changed(flawed([]), (draft) => {
    const file = on(draft, 'cp-2').kubeconfigs['/etc/kubernetes/scheduler.conf'];
    if (file !== undefined) file.server = 'https://10.88.210.11:6443';
  });
  expect(repairOf(audited).plan.steps[0]?.actions[0]?.action).toMatchObject({ to: 'https://10.88.210.12:6443', reader: { program: 'kube-scheduler' } });
});

it('refuses a manifest that it could not read', () => {
  const audited = changed(flawed(['advertise']), (draft) => {
    for (const pod of on(draft, 'cp-2').manifests) pod.path = `${pod.path}.other`;
  });
  const snapshot = secondLook(flawed(['advertise']));
  expect(repairOf(audited, snapshot).byHand).toEqual([]);
  expect(repairOf(audited, snapshot).refused).toMatchObject([{ id: 'cp-2/kube-apiserver', why: expect.stringContaining('could not be seen') as string }]);
});

describe("an endpoint of somebody's balancer", () => {
  const BALANCER = 'api.example.internal';
  /** A worker's kubelet leads past it. */
  const balanced = (change: (draft: SnapshotDraft) => void = () => undefined): AuditSnapshot =>
    changed(flawed([]), (draft) => {
      setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('api.dev.kubewright.internal:7443', `${BALANCER}:6443`));
      for (const { name } of draft.machines) {
        const facts = on(draft, name);
        facts.names = { ...facts.names, [BALANCER]: ['10.88.210.100'] };
        for (const certificate of Object.values(facts.certificates)) if (certificate.names.includes('api.dev.kubewright.internal')) certificate.names.push(BALANCER);
      }
      const file = on(draft, 'w-1').kubeconfigs['/etc/kubernetes/kubelet.conf'];
      if (file !== undefined) file.server = 'https://10.88.210.11:6443';
      change(draft);
    });

  it('is proven on the machine that is led to it', () => {
    const { plan } = repairOf(balanced());
    expect(outline(plan).filter((step) => step.startsWith('w-1/'))).toEqual(['w-1/prove-endpoint', 'w-1/kubeconfigs after w-1/prove-endpoint']);
    expect(plan.steps.find(({ id }) => id === 'w-1/prove-endpoint')?.actions).toMatchObject([{ action: { kind: 'endpoint-answers', host: BALANCER, port: 6443 } }]);
  });

  it('is proven on every machine before shared state leads there', () => {
    const audited = balanced((draft) =>
      setConfigMap(draft, ['kube-system/kube-proxy', 'kubeconfig.conf'], (text) => text.replace(/server: .*/, 'server: https://10.88.210.11:6443')),
    );
    expect(needsOf(repairOf(audited).plan, 'shared/kube-proxy-endpoint')).toEqual(['cp-1/prove-endpoint', 'cp-2/prove-endpoint', 'cp-3/prove-endpoint', 'w-1/prove-endpoint']);
  });

  const nowhere: readonly (readonly [name: string, words: string, change: (draft: SnapshotDraft) => void])[] = [
    ['resolves nowhere on one machine', `${BALANCER} resolves to nothing on cp-2`, (draft) => void (on(draft, 'cp-2').names = { [BALANCER]: [] })],
    ['answers nobody', `nobody answers at ${BALANCER}`, (draft) => void (on(draft, 'w-1').answers = { [`https://${BALANCER}:6443`]: false })],
  ];
  it.each(nowhere)('that %s is nobody led to: it is left to a person', (_name, words, change) => {
    const { plan, byHand } = repairOf(balanced(change));
    expect(ids(plan)).toEqual([]);
    expect(byHand).toMatchObject([{ code: 'kubelet-of-one-node', steps: [expect.stringContaining(words) as string, expect.anything(), expect.anything()] }]);
  });
});
