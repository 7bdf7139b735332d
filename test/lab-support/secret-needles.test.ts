import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { holdsAny, needlesOf } from './secret-needles.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const TOKEN = 'abcdef.0123456789abcdef';

const isFound = (secret: string, text: string): boolean => holdsAny(text, needlesOf(secret));

it.each<readonly [what: string, secret: string, text: string]>([
  ['a key as it is', key, key],
  ['a third of a key', key, `log: ${key.split('\n').slice(5, 14).join(' ')}`],
  ['a key in a kubeconfig', key, `client-key-data: ${Buffer.from(key).toString('base64')}`],
  ['a key in base64 after other bytes', key, Buffer.from(`xy${key}`).toString('base64')],
  ['a certificate and its key in base64', key, Buffer.from(`-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n${key}`).toString('base64')],
  ['a token', TOKEN, `--token ${TOKEN}`],
  ['the secret part of a token', TOKEN, 'token-secret: 0123456789abcdef'],
  ...[0, 1, 2].map(
    (offset) => [`a token in base64, ${offset} bytes after its beginning`, TOKEN, Buffer.from(`${'x'.repeat(offset)}${TOKEN} and more`).toString('base64')] as const,
  ),
])('finds %s', (_, secret, text) => expect(isFound(secret, text)).toBe(true));

it.each<readonly [what: string, secret: string, text: string]>([
  ['another key', key, other],
  ['another key in base64', key, Buffer.from(other).toString('base64')],
  ['the id of a token', TOKEN, 'bootstrap-token-abcdef'],
  ['nothing', key, ''],
])('does not find %s', (_, secret, text) => expect(isFound(secret, text)).toBe(false));

it('has no needle that is empty or short', () => {
  for (const needle of [...needlesOf(key), ...needlesOf(TOKEN)]) expect(needle.length).toBeGreaterThanOrEqual(16);
});
