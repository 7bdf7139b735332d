import { readFileSync } from 'node:fs';
import type { Cluster, SecretSource } from '../model/cluster.ts';
import type { SlotId } from '../plan/plan.ts';
import { loginSlot } from '../planning/files/registries.ts';
import type { IsContent } from '../planning/scene.ts';
import { AppError } from '../errors/app-error.ts';
import { sha256 } from '../util/sha256.ts';

const LONGEST_SECRET = 64 * 1024;

type Read = { readonly value: string } | { readonly why: string };

/** A secret where the cluster file says that it is: one line. */
function readSecret(source: SecretSource): Read {
  const read = source.from === 'file' ? readFile(source.path) : readVariable(source.variable);
  if ('why' in read) return read;
  const value = read.value.replace(/[\r\n]+$/, '');
  const where = source.from === 'file' ? source.path : source.variable;
  if (value === '') return { why: `${where} is empty` };
  return /\p{Cc}/u.test(value) || value.length > LONGEST_SECRET ? { why: `${where} is not one printable line` } : { value };
}

function readVariable(variable: string): Read {
  const value = process.env[variable];
  return value === undefined ? { why: `${variable} is not set` } : { value };
}

function readFile(path: string): Read {
  try {
    return { value: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { why: `${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}` };
  }
}

/** Why a secret cannot be had; undefined where it can. */
export function whyMissing(source: SecretSource): string | undefined {
  const read = readSecret(source);
  return 'why' in read ? read.why : undefined;
}

/** The values that a run for this cluster brings along. Nothing but the way to a host sees them. */
export function operatorSecrets({ logins }: Pick<Cluster, 'logins'>): ReadonlyMap<SlotId, Uint8Array> {
  return new Map(
    [...logins].map(([registry, { username, password }]) => {
      const read = readSecret(password);
      // It was there when the file was read.
      if ('why' in read) throw new AppError('cluster-file-invalid', `the password of ${registry} is not there: ${read.why}`);
      return [loginSlot(registry).slot, Buffer.from(Buffer.from(`${username}:${read.value}`).toString('base64'))];
    }),
  );
}

/** Compares what a host holds with a text that holds secrets. */
export function judgeOf(secrets: ReadonlyMap<SlotId, Uint8Array>): IsContent {
  return (parts, digest) => {
    const texts = parts.map((part) => (typeof part === 'string' ? part : secrets.get(part.slot)));
    if (texts.some((text) => text === undefined)) return false;
    return sha256(texts.map((text) => (typeof text === 'string' ? text : Buffer.from(text ?? []).toString('utf8'))).join('')) === digest;
  };
}
