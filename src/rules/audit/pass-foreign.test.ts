import { expect, it } from 'vitest';
import { foreign } from '../../model/foreign.ts';
import { KUBEADM_CONFIG, KUBELET_CONFIG_MAP, KUBE_PROXY_CONFIG, broken, cluster } from '../testing/audit-changes.ts';
import { NOW } from '../testing/audit-healthy.ts';
import { auditView } from './audit-view.ts';
import { passForeign } from './pass-foreign.ts';
import type { Passage } from './pass-foreign.ts';

const healthy = broken(() => undefined);
type Place = readonly [configMap: string, key: string];

/** What becomes of an entry of a healthy cluster that somebody, or a repair with a defect, has changed so. */
function passage([configMap, key]: Place, change: (text: string) => string): Passage {
  const before = cluster(structuredClone(healthy) as Parameters<typeof cluster>[0]).configMaps[configMap]?.[key] ?? '';
  return passForeign(auditView(healthy, NOW), { configMap, key }, foreign(change(before)));
}

it.each<Place>([KUBEADM_CONFIG, KUBELET_CONFIG_MAP, KUBE_PROXY_CONFIG, ['kube-system/kube-proxy', 'kubeconfig.conf'], ['kube-public/cluster-info', 'kubeconfig']])(
  'the %s %s of a healthy cluster passes as it is',
  (configMap, key) => {
    const passed = passage([configMap, key], (text) => text);
    expect(passed.state === 'passed' && passed.text !== '').toBe(true);
  },
);

const argument = (component: string, name: string, value: string) => (text: string) =>
  text.replace(new RegExp(`^${component}: \\{\\}`, 'm'), `${component}:\n  extraArgs:\n  - name: ${name}\n    value: ${value}`);
const variable = (component: string, name: string, value: string) => (text: string) =>
  text.replace(new RegExp(`^${component}: \\{\\}`, 'm'), `${component}:\n  extraEnvs:\n  - name: ${name}\n    value: ${value}`);
const volume = (hostPath: string) => (text: string) =>
  text.replace(/^controllerManager: \{\}/m, `controllerManager:\n  extraVolumes:\n  - name: extra\n    hostPath: ${hostPath}\n    mountPath: /etc/extra`);
const append = (line: string) => (text: string) => `${text}${line}\n`;

it.each<readonly [what: string, place: Place, change: (text: string) => string, why: RegExp]>([
  ['advertise-address', KUBEADM_CONFIG, argument('apiServer', 'advertise-address', '10.88.210.11'), /advertise-address is 10\.88\.210\.11/],
  ['a flag written with underscores', KUBEADM_CONFIG, argument('apiServer', 'advertise_address', '10.88.210.11'), /is 10\.88\.210\.11/],
  ['bind-address of a scheduler', KUBEADM_CONFIG, argument('scheduler', 'bind-address', '10.88.210.12'), /bind-address is 10\.88\.210\.12/],
  [
    'an address in a variable of every API server',
    KUBEADM_CONFIG,
    variable('apiServer', 'NO_PROXY', '"10.88.210.11,.svc"'),
    /\(NO_PROXY\) is 10\.88\.210\.11,\.svc, which names cp-1 and not/,
  ],
  ['a proxy on one machine', KUBEADM_CONFIG, variable('scheduler', 'HTTPS_PROXY', 'http://cp-2:3128'), /\(HTTPS_PROXY\) is http:\/\/cp-2:3128, which names cp-2/],
  ['a path that is called by one machine', KUBEADM_CONFIG, volume('/etc/audit-cp-3'), /hostPath is \/etc\/audit-cp-3, which names cp-3/],
  ["a kubelet's address", KUBELET_CONFIG_MAP, append('address: 10.88.210.11'), /address is 10\.88\.210\.11/],
  ["a kubelet's provider id", KUBELET_CONFIG_MAP, append('providerID: aws:///i-1'), /providerID is aws/],
  ['hostnameOverride', KUBE_PROXY_CONFIG, (text) => text.replace('hostnameOverride: ""', 'hostnameOverride: cp-1'), /hostnameOverride is cp-1/],
  ["kube-proxy's bindAddress", KUBE_PROXY_CONFIG, (text) => text.replace(/^bindAddress: .*$/m, 'bindAddress: 10.88.210.11'), /bindAddress is 10\.88\.210\.11/],
  ['what cannot be read', KUBEADM_CONFIG, () => 'a: [b\n', /cannot be read/],
  [
    'an address in a second document',
    KUBEADM_CONFIG,
    append('---\napiServer:\n  extraArgs:\n  - name: advertise-address\n    value: 10.88.210.11'),
    /cannot be read: line \d+: a second document begins/,
  ],
  ["a kubelet's address in a second document", KUBELET_CONFIG_MAP, append('---\naddress: 10.88.210.11'), /a second document begins/],
  ['a password', KUBEADM_CONFIG, append('proxy: http://admin:hunter2@proxy.example:3128'), /holds a password/],
])('%s does not pass', (_, place, change, why) => {
  const refused = passage(place, change);
  expect(refused.state === 'refused' ? refused.why.join('\n') : 'it passed').toMatch(why);
});

it('says nothing of the credential that it refuses', () => {
  expect(JSON.stringify(passage(KUBEADM_CONFIG, append('token: abcdef.0123456789abcdef')))).not.toContain('0123456789abcdef');
});

it('a flag of the whole cluster passes, and so does what names no machine', () => {
  expect(passage(KUBEADM_CONFIG, argument('apiServer', 'event-ttl', '2h')).state).toBe('passed');
  expect(passage(KUBEADM_CONFIG, argument('apiServer', 'bind-address', '0.0.0.0')).state).toBe('passed');
  expect(passage(KUBEADM_CONFIG, variable('apiServer', 'HTTPS_PROXY', 'http://proxy.example.com:3128')).state).toBe('passed');
  expect(passage(KUBEADM_CONFIG, variable('apiServer', 'NO_PROXY', '"10.88.210.11,10.88.210.12,10.88.210.13,10.96.0.0/12"')).state).toBe('passed');
  expect(passage(KUBEADM_CONFIG, volume('/etc/extra')).state).toBe('passed');
});
