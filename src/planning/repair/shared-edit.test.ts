import { expect, it } from 'vitest';
import { KUBEADM_CONFIG, KUBELET_CONFIG_MAP, changed, setConfigMap } from '../../rules/testing/audit-changes.ts';
import { findingsOf, repairOf, secondLook } from './testing/repaired-world.ts';
import { NOW } from '../../rules/testing/audit-healthy.ts';
import { auditView } from '../../rules/audit/audit-view.ts';
import { flawed } from './testing/flaws.ts';
import { planRepair } from './plan-repair.ts';

const PASSWORD = 'hunter2-of-the-proxy';
/** A real-looking value in the text that L0 is taken out of. */
const withPassword = changed(flawed(['advertise', 'endpoint']), (draft) =>
  setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('- name: advertise-address', `- name: oidc-client-secret\n    value: ${PASSWORD}\n  - name: advertise-address`)),
);

it('a shared text that holds a credential is neither in the plan nor in what is said: it is left to a person, and the manifests are mended', () => {
  const { plan, byHand, refused } = repairOf(withPassword);
  expect(JSON.stringify({ plan, byHand, refused, findings: findingsOf(withPassword) })).not.toContain(PASSWORD);
  expect(plan.steps.map(({ id }) => id)).toEqual(['cp-1/prove-api', 'cp-2/kube-apiserver', 'cp-3/kube-apiserver']);
  expect(byHand.find(({ code }) => code === 'shared-advertise-address')?.steps.join('\n')).toMatch(
    /nothing is written for you: .*holds a password[^]*kubectl -n kube-system edit configmap kubeadm-config/,
  );
  expect(refused.find(({ id }) => id === 'cp-1/serving-certificate')?.why).toContain('holds a password');
});

it('the same text without it is written', () => {
  expect(repairOf(flawed(['advertise', 'endpoint'])).plan.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(['shared/kubeadm-config', 'cp-1/serving-certificate']));
});

it("what an edit leaves of one machine's values keeps the whole text from being written, and is named", () => {
  const audited = changed(flawed(['kubelet']), (draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}providerID: aws:///i-0123\n`));
  const [first, ...others] = findingsOf(audited).filter(({ code }) => code === 'shared-kubelet-field');
  const { plan, byHand } = planRepair({ findings: first === undefined ? [] : [first], view: auditView(audited, NOW), snapshot: secondLook(audited) });
  expect(others).toHaveLength(1);
  expect(plan.steps).toEqual([]);
  expect(byHand.flatMap(({ steps }) => steps)[0]).toMatch(/nothing is written for you: .*providerID is aws:\/\/\/i-0123|address is 10\.88\.210\.11/);
  // Both go at once: then the text passes.
  expect(repairOf(audited)).toMatchObject({ byHand: [], plan: { steps: [{ id: 'shared/kubelet-config' }] } });
});
