import { PKI_DIR } from '../../facts/kubernetes-paths.ts';
import type { CertificateFact, HostFacts } from '../../facts/host-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { onHost } from './identity-rule.ts';
import { kubeconfigsOf } from './kubeconfig-server.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

const DAY_MS = 86_400_000;
const LEAST_DAYS = 30;

const KUBELET_CLIENT = '/var/lib/kubelet/pki/kubelet-client-current.pem';
const OF_CONTROL_PLANES = [
  'apiserver',
  'apiserver-etcd-client',
  'apiserver-kubelet-client',
  'ca',
  'etcd/ca',
  'etcd/healthcheck-client',
  'etcd/peer',
  'etcd/server',
  'front-proxy-ca',
  'front-proxy-client',
];

function certificatesOf(role: ExpectedNode['role']): readonly string[] {
  const names = role === 'worker' ? ['ca'] : OF_CONTROL_PLANES;
  return [...names.map((name) => `${PKI_DIR}/${name}.crt`), KUBELET_CLIENT];
}

/** Every certificate that a node of this role shows, by the file that holds it. */
export function certificatesOn(
  { certificates, kubeconfigs }: HostFacts,
  role: ExpectedNode['role'],
): readonly (readonly [path: string, certificate: CertificateFact | undefined])[] {
  return [...certificatesOf(role).map((path) => [path, certificates[path]] as const), ...kubeconfigsOf(role).map((path) => [path, kubeconfigs[path]?.clientCertificate] as const)];
}

function judgeNode(host: HostFacts, { name, role }: ExpectedNode, now: Date): readonly Verdict[] {
  return certificatesOn(host, role).flatMap(([path, certificate]): readonly Verdict[] => {
    if (certificate === undefined) return [{ node: name, what: `certificate in ${path}`, why: 'none was found there' }];
    const days = Math.floor((Date.parse(certificate.notAfter) - now.getTime()) / DAY_MS);
    if (days >= LEAST_DAYS) return [];
    const when = days < 0 ? `has been expired since ${certificate.notAfter}` : `expires in ${days} days, at ${certificate.notAfter}`;
    return complainOf([`${path} (${certificate.subject}) ${when}`], { node: name });
  });
}

/** Every certificate of kubeadm's and the kubelet's is good for thirty days and more. */
export const certificateExpiry: VerifyRule = defineRule({
  code: 'certificate-expiry',
  title: 'a certificate expires within 30 days',
  why: 'from then on what shows it is refused: the control plane, etcd or the node stops working with the others',
  fix: "run kubeadm certs renew all on the node and let its static pods restart; the kubelet's own is renewed by itself: read journalctl -u kubelet",
  probes: ({ role }) => [
    ...certificatesOf(role).map((path) => ({ probe: 'certificate', path }) as const),
    ...kubeconfigsOf(role).map((path) => ({ probe: 'kubeconfig', path }) as const),
  ],
  judge: (input: VerifyInput) => input.expected.nodes.flatMap((node) => onHost(node, input, 'certificates', (host) => judgeNode(host, node, input.now))),
});
