const LONGEST = 60;

const SECRETS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'a bootstrap token', pattern: /(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])/ },
  { what: 'a bearer token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/ },
  { what: 'an age key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/i },
  { what: 'a cloud access key', pattern: /\bAKIA[0-9A-Z]{16}\b/ },
  { what: 'a URL with a password', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]+:[^\s/@]+@/i },
];

/** What kind of secret a text holds, by its form; undefined if it holds none that is known. */
export function secretIn(text: string): string | undefined {
  return SECRETS.find(({ pattern }) => pattern.test(text))?.what;
}

/** A value as a message may show it: quoted, short, never a secret. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return shownText(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null || value === undefined ? 'nothing' : 'a map';
}

function shownText(value: string): string {
  const secret = secretIn(value);
  if (secret !== undefined) return `(${secret}, not shown)`;
  return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
}
