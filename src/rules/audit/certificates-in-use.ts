import type { MachineCertificate } from '../../facts/audit/machine-facts.ts';
import { settingOf } from '../../facts/audit/components.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import type { Machine } from './machine.ts';
import { componentOn } from './machine.ts';
import { usedKubeconfigs } from './kubeconfigs-of-machines.ts';

/** A certificate that a process shows, or trusts. */
export interface UsedCertificate {
  readonly path: string;
  readonly certificate: MachineCertificate;
}

/** Flags that name a certificate which the component shows to others, with the flag of its key. */
export const SHOWN_CERTIFICATES: readonly (readonly [component: ComponentName, certificate: string, key: string])[] = [
  ['kube-apiserver', 'tls-cert-file', 'tls-private-key-file'],
  ['kube-apiserver', 'etcd-certfile', 'etcd-keyfile'],
  ['kube-apiserver', 'kubelet-client-certificate', 'kubelet-client-key'],
  ['kube-apiserver', 'proxy-client-cert-file', 'proxy-client-key-file'],
  ['etcd', 'cert-file', 'key-file'],
  ['etcd', 'peer-cert-file', 'peer-key-file'],
];

/** Flags that name authorities. */
const AUTHORITY_FLAGS: readonly (readonly [component: ComponentName, flag: string])[] = [
  ['kube-apiserver', 'client-ca-file'],
  ['kube-apiserver', 'etcd-cafile'],
  ['kube-apiserver', 'requestheader-client-ca-file'],
  ['kube-controller-manager', 'root-ca-file'],
  ['kube-controller-manager', 'cluster-signing-cert-file'],
  ['etcd', 'trusted-ca-file'],
  ['etcd', 'peer-trusted-ca-file'],
];

/** The file that a flag names, with its certificate; undefined where either was not seen. */
export function certificateOf(machine: Machine, component: ComponentName, flag: string): UsedCertificate | undefined {
  const path = settingOf(componentOn(machine, component), flag)?.value;
  const certificate = path === undefined ? undefined : machine.facts?.certificates[path];
  return path === undefined || certificate === undefined ? undefined : { path, certificate };
}

/** Each certificate once that processes of the machine show or trust, those in kubeconfigs too. */
export function certificatesInUse(machine: Machine): readonly UsedCertificate[] {
  const flags = [...SHOWN_CERTIFICATES.map(([component, flag]) => [component, flag] as const), ...AUTHORITY_FLAGS];
  const ofFlags = flags.flatMap(([component, flag]) => certificateOf(machine, component, flag) ?? []);
  const ofKubeconfigs = usedKubeconfigs({ machines: [machine] }).flatMap(({ path, view: { clientCertificate } }) =>
    clientCertificate === undefined ? [] : [{ path, certificate: clientCertificate }],
  );
  const ofKubelet = clientAuthority(machine);
  return [...new Map([...ofFlags, ...ofKubeconfigs, ...ofKubelet].map((used) => [used.path, used])).values()];
}

function clientAuthority({ facts }: Machine): readonly UsedCertificate[] {
  const path = facts?.kubeletConfig.state === 'known' ? facts.kubeletConfig.value.fields['authentication.x509.clientCAFile']?.text : undefined;
  const certificate = path === undefined ? undefined : facts?.certificates[path];
  return path === undefined || certificate === undefined ? [] : [{ path, certificate }];
}
