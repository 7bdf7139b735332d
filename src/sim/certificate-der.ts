import { createHash } from 'node:crypto';
import type { CertificateFact } from '../facts/host-facts.ts';

/** Tags of DER (X.690) that a certificate is made of. */
const TAG = { bitString: 0x03, octetString: 0x04, integer: 0x02, oid: 0x06, utf8: 0x0c, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31 } as const;
const OID = { commonName: '550403', subjectAltName: '551d11', ed25519: '2b6570' } as const;
const VERSION_3 = Buffer.from('a003020102', 'hex');
const NOT_BEFORE = '20200101000000Z';
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const LONG_FORM = 0x80;

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const bytes = body.length < LONG_FORM ? Buffer.from([body.length]) : Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex');
  const length = body.length < LONG_FORM ? bytes : Buffer.concat([Buffer.from([LONG_FORM + bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, 'hex'));
const algorithm = der(TAG.sequence, oid(OID.ed25519));
const bits = (bytes: Buffer): Buffer => der(TAG.bitString, Buffer.from([0]), bytes);

/** A name of one word: `CN=...` as facts show it. */
function distinguishedName(shown: string): Buffer {
  const word = der(TAG.sequence, oid(OID.commonName), der(TAG.utf8, Buffer.from(shown.replace(/^CN=/, ''))));
  return der(TAG.sequence, der(TAG.set, word));
}

function time(iso: string): Buffer {
  const digits = iso.replaceAll(/[-:T]|\.\d+/g, '');
  return der(TAG.generalizedTime, Buffer.from(digits));
}

/** Extension of alternative names; DNS names have tag 2 of the choice, addresses tag 7 (RFC 5280, GeneralName). */
function alternativeNames({ names, addresses }: CertificateFact): Buffer {
  const general = [...names.map((name) => der(0x82, Buffer.from(name))), ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))))];
  const extension = der(TAG.sequence, oid(OID.subjectAltName), der(TAG.octetString, der(TAG.sequence, ...general)));
  return der(0xa3, der(TAG.sequence, extension));
}

/** A certificate that says what the fact says, unsigned: readers of facts judge no signature. Its fingerprint is its own. */
export function certificatePem(fact: CertificateFact): string {
  const serial = createHash('sha256')
    .update(`${fact.subject} ${fact.names.join(' ')} ${fact.addresses.join(' ')}`)
    .digest()
    .subarray(0, 8);
  const body = der(
    TAG.sequence,
    VERSION_3,
    der(TAG.integer, Buffer.from([1]), serial),
    algorithm,
    distinguishedName(fact.issuer),
    der(TAG.sequence, time(NOT_BEFORE), time(fact.notAfter)),
    distinguishedName(fact.subject),
    der(TAG.sequence, algorithm, bits(Buffer.alloc(KEY_BYTES, 1))),
    ...(fact.names.length + fact.addresses.length === 0 ? [] : [alternativeNames(fact)]),
  );
  const whole = der(TAG.sequence, body, algorithm, bits(Buffer.alloc(SIGNATURE_BYTES, 1)));
  return `-----BEGIN CERTIFICATE-----\n${whole
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
}
