import { X509Certificate, createHash } from 'node:crypto';
import type { MachineCertificate } from './machine-facts.ts';

/** A certificate that could be read. */
export type RawCertificate = X509Certificate;

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM text; what is no certificate is passed over. */
export function certificatesIn(text: string): readonly RawCertificate[] {
  return (text.match(PEM) ?? []).flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}

/** What an audit keeps of a certificate; `others` are all that were seen beside it. */
export function certificateFacts(certificate: RawCertificate, others: readonly RawCertificate[]): MachineCertificate {
  const names = (certificate.subjectAltName ?? '').split(', ');
  const tagged = (tag: string) => [...new Set(names.filter((name) => name.startsWith(tag)).map((name) => name.slice(tag.length)))];
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names: tagged('DNS:'),
    addresses: tagged('IP Address:').map(plainAddress),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    fingerprint: fingerprintOf(certificate),
    isCA: certificate.ca,
    publicKey: createHash('sha256')
      .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    signedBy: [...new Set(others.filter((other) => isSigner(other, certificate)).map(fingerprintOf))].sort(),
  };
}

function fingerprintOf({ fingerprint256 }: RawCertificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

/** A self-signed certificate without extensions (etcd's by openssl) signs too, whether it says that it is an authority or not. */
function isSigner(candidate: RawCertificate, certificate: RawCertificate): boolean {
  try {
    return candidate.subject === certificate.issuer && certificate.verify(candidate.publicKey);
  } catch {
    return false;
  }
}

/** OpenSSL writes `0:0:0:0:0:0:0:1`. */
function plainAddress(address: string): string {
  return address === '0:0:0:0:0:0:0:1' ? '::1' : address.toLowerCase();
}
