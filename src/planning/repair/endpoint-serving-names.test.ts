import { expect, it } from 'vitest';
import { KUBEADM_CONFIG, changed, on, setConfigMap } from '../../rules/testing/audit-changes.ts';
import { flawed } from './testing/flaws.ts';
import { repairOf } from './testing/repaired-world.ts';

/** Why the name does not get into the certificate of cp-2, as it is said of the step, and what a person is told. */
function leftOf(audited: ReturnType<typeof flawed>): { readonly why: string | undefined; readonly told: string } {
  const { refused, byHand } = repairOf(audited);
  return { why: refused.find(({ id }) => id === 'cp-2/serving-certificate')?.why, told: byHand.flatMap(({ steps }) => steps).join('\n') };
}

it.each([
  ['is broken', (text: string) => `${text}broken: [\n`, /cannot be read: line \d+: /],
  ['holds two documents', (text: string) => `${text}---\na: 1\n`, /cannot be read: line \d+: a second document begins$/],
  ['is something else', (text: string) => text.replace('kind: ClusterConfiguration', 'kind: Something'), /cannot be read: it is no ClusterConfiguration with its apiVersion$/],
])('a configuration that %s is told as that, and no certificate is made of half of it', (_what, spoil, why) => {
  const left = leftOf(changed(flawed(['endpoint']), (draft) => setConfigMap(draft, KUBEADM_CONFIG, spoil)));
  expect(left.why).toMatch(/^ClusterConfiguration of ConfigMap kube-system\/kubeadm-config, from which kubeadm makes the certificate/);
  expect(left.why).toMatch(why);
  expect(left.told).toContain('kubectl -n kube-system edit configmap kubeadm-config: make it one ClusterConfiguration that kubeadm reads');
  expect(left.told).not.toContain('would be signed');
});

it('an authority whose key is not on the machine is told as that', () => {
  const audited = changed(flawed(['endpoint']), (draft) => {
    const { directories } = on(draft, 'cp-2');
    directories['/etc/kubernetes/pki'] = (directories['/etc/kubernetes/pki'] ?? []).filter((name) => name !== 'ca.key');
  });
  const { why, told } = leftOf(audited);
  expect(why).toBe("cp-2 has no /etc/kubernetes/pki/ca.key, with which its API server's certificate would be signed");
  expect(told).toContain('copy it from a control plane that has it');
});
