import { X509Certificate, createHash } from 'node:crypto';
import type { MachineCertificate } from './machine-facts.ts';

/** A certificate that could be read, with what is compared often: each of these getters decodes anew. */
export interface RawCertificate {
  readonly certificate: X509Certificate;
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the whole, hexadecimal. */
  readonly fingerprint: string;
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM text; what is no certificate is passed over. */
export function certificatesIn(text: string): readonly RawCertificate[] {
  return (text.match(PEM) ?? []).flatMap((pem) => {
    try {
      return [rawCertificate(new X509Certificate(pem))];
    } catch {
      return [];
    }
  });
}

function rawCertificate(certificate: X509Certificate): RawCertificate {
  const { subject, issuer, fingerprint256 } = certificate;
  return { certificate, subject, issuer, fingerprint: fingerprint256.replaceAll(':', '').toLowerCase() };
}

/** Each certificate once. */
export function distinctCertificates(certificates: readonly RawCertificate[]): readonly RawCertificate[] {
  return [...new Map(certificates.map((each) => [each.fingerprint, each])).values()];
}

/** What an audit keeps of a certificate; `others` are all that were seen beside it. */
export function certificateFacts(raw: RawCertificate, others: readonly RawCertificate[]): MachineCertificate {
  const { certificate, subject, issuer, fingerprint } = raw;
  const names = (certificate.subjectAltName ?? '').split(', ');
  const tagged = (tag: string) => [...new Set(names.filter((name) => name.startsWith(tag)).map((name) => name.slice(tag.length)))];
  return {
    subject: subject.replaceAll('\n', ', '),
    issuer: issuer.replaceAll('\n', ', '),
    names: tagged('DNS:'),
    addresses: tagged('IP Address:').map(plainAddress),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    fingerprint,
    isCA: certificate.ca,
    publicKey: createHash('sha256')
      .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    signedBy: [...new Set(others.filter((other) => isSigner(other, raw)).map((other) => other.fingerprint))].sort(),
  };
}

/** A self-signed certificate without extensions (etcd's by openssl) signs too, whether it says that it is an authority or not. */
function isSigner(candidate: RawCertificate, { issuer, certificate }: RawCertificate): boolean {
  try {
    return candidate.subject === issuer && certificate.verify(candidate.certificate.publicKey);
  } catch {
    return false;
  }
}

/** OpenSSL writes `0:0:0:0:0:0:0:1`. */
function plainAddress(address: string): string {
  return address === '0:0:0:0:0:0:0:1' ? '::1' : address.toLowerCase();
}
