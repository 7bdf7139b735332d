import { X509Certificate } from 'node:crypto';
import type { CertificateFact, KubeconfigFact } from '../host-facts.ts';
import { decodeBase64, linesOf } from './sections.ts';

/** Blocks that begin with `#PATH`. */
function blocksOf(text: string): readonly (readonly [path: string, block: string])[] {
  return text
    .split(/^#(?=\/)/m)
    .filter((block) => block.includes('\n'))
    .map((block) => [block.slice(0, block.indexOf('\n')), block.slice(block.indexOf('\n') + 1)] as const);
}

export function parseCertificateSections(text: string): Readonly<Record<string, CertificateFact>> {
  return Object.fromEntries(
    blocksOf(text).flatMap(([path, pem]) => {
      const fact = parseCertificate(pem);
      return fact === undefined ? [] : [[path, fact]];
    }),
  );
}

/** The first certificate of a PEM text, or undefined where there is none that can be read. */
function parseCertificate(pem: string): CertificateFact | undefined {
  const certificate = readCertificate(pem);
  if (certificate === undefined) return undefined;
  const names = (certificate.subjectAltName ?? '').split(', ');
  const tagged = (tag: string) => names.filter((name) => name.startsWith(tag)).map((name) => name.slice(tag.length));
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names: tagged('DNS:'),
    addresses: tagged('IP Address:'),
    notAfter: new Date(certificate.validTo).toISOString(),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // Whatever lies there is no certificate: who needs one finds none.
    return undefined;
  }
}

export function parseKubeconfigSections(text: string): Readonly<Record<string, KubeconfigFact>> {
  return Object.fromEntries(
    blocksOf(text).map(([path, block]) => {
      const field = (name: string) =>
        linesOf(block)
          .find((line) => line.startsWith(`${name}|`))
          ?.slice(name.length + 1);
      const encoded = field('certificate');
      const clientCertificate = encoded === undefined ? undefined : parseCertificate(decodeBase64(encoded));
      return [path, { server: field('server') ?? '', ...(clientCertificate && { clientCertificate }) }];
    }),
  );
}
