import type { CertificateFact, HostFacts } from '../../facts/host-facts.ts';
import { PKI_DIR } from '../../facts/kubernetes-paths.ts';
import { complainOf } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule, onHost, othersOf } from './identity-rule.ts';
import type { IdentityInput } from './verify-input.ts';

const API_SERVER = `${PKI_DIR}/apiserver.crt`;
const ETCD_SERVER = `${PKI_DIR}/etcd/server.crt`;
const ETCD_PEER = `${PKI_DIR}/etcd/peer.crt`;
const SERVING = [API_SERVER, ETCD_SERVER, ETCD_PEER];

function lacking(certificate: CertificateFact, names: readonly string[], addresses: readonly string[]): readonly string[] {
  const missing = [...names.filter((name) => !certificate.names.includes(name)), ...addresses.filter((address) => !certificate.addresses.includes(address))];
  return missing.map((name) => `lacks ${name}`);
}

function foreign(certificate: CertificateFact, others: readonly ExpectedNode[]): readonly string[] {
  return others.flatMap(({ name, address }) => [
    ...(certificate.addresses.includes(address) ? [`holds ${address}, the address of ${name}`] : []),
    ...(certificate.names.includes(name) ? [`holds ${name}, the name of another control plane`] : []),
  ]);
}

function judgeCertificate(path: string, { certificates }: HostFacts, node: ExpectedNode, input: IdentityInput): readonly string[] {
  const certificate = certificates[path];
  if (certificate === undefined) return [`${path} is absent`];
  const names = path === API_SERVER ? [node.name, input.expected.endpoint.host] : [node.name];
  return [...lacking(certificate, names, [node.address]), ...foreign(certificate, othersOf(node, input, 'control-plane'))].map((line) => `${path} ${line}`);
}

/** Certificates that a control plane shows to others: its own address and name, the endpoint's name, nobody else's. */
export const servingCertificates = defineIdentityRule({
  code: 'serving-certificates',
  title: "a serving certificate does not carry the node's own names",
  why: "clients that dial the node by its address or by the endpoint's name refuse the connection; a certificate with another node's address lets this one pass for it",
  fix: "remove the certificate and its key, run kubeadm init phase certs NAME with the node's own configuration, and let the static pod restart",
  probes: ({ role }) => (role === 'worker' ? [] : SERVING.map((path) => ({ probe: 'certificate', path }) as const)),
  judgeNode: (node, input) =>
    node.role === 'worker'
      ? []
      : onHost(node, input, 'serving certificates', (host) =>
          complainOf(
            SERVING.flatMap((path) => judgeCertificate(path, host, node, input)),
            { node: node.name },
          ),
        ),
});
