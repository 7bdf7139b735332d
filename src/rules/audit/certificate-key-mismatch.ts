import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { componentOn, seenMachines } from './machine.ts';
import { SHOWN_CERTIFICATES, certificateOf } from './certificates-in-use.ts';

export const certificateKeyMismatch = defineAuditRule({
  code: 'certificate-key-mismatch',
  severity: 'error',
  title: 'a certificate and its key do not belong together',
  why: 'the component runs on with what it read when it started, and does not come up after its next restart',
  fix: 'put back the key that belongs to the certificate, or issue both anew with kubeadm init phase certs',
  judge: (view) => seenMachines(view).flatMap((machine) => complain([...pairs(machine), ...signingPair(machine)], { node: machine.name })),
});

function pairs(machine: Machine): readonly string[] {
  return SHOWN_CERTIFICATES.flatMap(([component, certificateFlag, keyFlag]) => {
    const used = certificateOf(machine, component, certificateFlag);
    return used === undefined ? [] : unlike(machine, used.path, used.certificate.publicKey, settingOf(componentOn(machine, component), keyFlag)?.value);
  });
}

/** The authority with which the controller manager signs. */
function signingPair(machine: Machine): readonly string[] {
  const used = certificateOf(machine, 'kube-controller-manager', 'cluster-signing-cert-file');
  const key = settingOf(componentOn(machine, 'kube-controller-manager'), 'cluster-signing-key-file')?.value;
  return used === undefined ? [] : unlike(machine, used.path, used.certificate.publicKey, key);
}

function unlike({ facts }: Machine, path: string, publicKey: string, keyPath: string | undefined): readonly string[] {
  const fact = keyPath === undefined ? undefined : facts?.publicKeys[keyPath];
  if (keyPath === undefined || fact?.state !== 'known' || fact.value === publicKey) return [];
  return [`${path} has public key sha256:${publicKey.slice(0, 16)}, ${keyPath} is of sha256:${fact.value.slice(0, 16)}`];
}
