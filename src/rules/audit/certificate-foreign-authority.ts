import type { ComponentName } from '../../facts/audit/programs.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';
import { certificateOf } from './certificates-in-use.ts';
import { usedKubeconfigs } from './kubeconfigs-of-machines.ts';

/** A certificate and the authority on the same machine whose signature those who are shown it ask for. */
const PAIRS: readonly (readonly [component: ComponentName, certificate: string, authorityComponent: ComponentName, authority: string])[] = [
  ['kube-apiserver', 'tls-cert-file', 'kube-controller-manager', 'root-ca-file'],
  ['kube-apiserver', 'kubelet-client-certificate', 'kube-apiserver', 'client-ca-file'],
  ['kube-apiserver', 'etcd-certfile', 'kube-apiserver', 'etcd-cafile'],
  ['kube-apiserver', 'proxy-client-cert-file', 'kube-apiserver', 'requestheader-client-ca-file'],
  ['etcd', 'cert-file', 'etcd', 'trusted-ca-file'],
  ['etcd', 'peer-cert-file', 'etcd', 'peer-trusted-ca-file'],
];

export const certificateForeignAuthority = defineAuditRule({
  code: 'certificate-foreign-authority',
  severity: 'error',
  title: 'a certificate is not signed by the authority that is asked for',
  why: 'whoever is shown it refuses the connection',
  fix: 'issue the certificate anew with kubeadm init phase certs or kubeconfig, signed by the authority that all machines have',
  judge: (view) => seenMachines(view).flatMap((machine) => complain([...ofFlags(machine), ...ofKubeconfigs(machine)], { node: machine.name })),
});

function ofFlags(machine: Machine): readonly string[] {
  return PAIRS.flatMap(([component, flag, authorityComponent, authorityFlag]) => {
    const used = certificateOf(machine, component, flag);
    const authority = certificateOf(machine, authorityComponent, authorityFlag);
    if (used === undefined || authority === undefined || used.certificate.signedBy.includes(authority.certificate.fingerprint)) return [];
    return [`${used.path} (issuer ${used.certificate.issuer}) is not signed by ${authority.path}`];
  });
}

/** Client certificates of kubeconfigs, held against what the API server beside them trusts. */
function ofKubeconfigs(machine: Machine): readonly string[] {
  const authority = certificateOf(machine, 'kube-apiserver', 'client-ca-file');
  if (authority === undefined) return [];
  return usedKubeconfigs({ machines: [machine] }).flatMap(({ path, use, view: { clientCertificate } }) =>
    // What people keep beside them may be of another cluster.
    use === 'people' || clientCertificate === undefined || clientCertificate.signedBy.includes(authority.certificate.fingerprint)
      ? []
      : [`the client certificate of ${path} (issuer ${clientCertificate.issuer}) is not signed by ${authority.path}`],
  );
}
