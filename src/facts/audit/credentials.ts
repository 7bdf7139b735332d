import { withoutCredentials } from './proxy-variables.ts';
import { yamlLeaves } from './yaml-leaves.ts';
import type { YamlLeaf } from './yaml-leaves.ts';

/** Names of what holds a credential itself; what holds the path of one ends otherwise (`tlsPrivateKeyFile`). */
const SECRET_NAME = /(^|[^a-z]|[a-z](?=[A-Z]))(token|passw(or)?d|passphrase|secret|(client|private|api|access|secret|encryption)[-_]?key([-_]?data)?)$/i;
/** A bootstrap token (kubeadm, bootstraptoken/v1), a private key in PEM, a JSON web token, a header that carries either. */
const SECRET_VALUE = /\b[a-z0-9]{6}\.[a-z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|\b(Bearer|Basic) +\S/;
/** Base64 of `-----BEGIN ... PRIVATE KEY`, whatever stands between. */
const PEM_IN_BASE64 = /\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g;

const NOT_SHOWN = '(a credential, not shown)';

/** Whether a text holds a password, a token or a private key: such a text goes into no plan, journal or output. It errs on the side of silence: one that cannot be read may hold any. */
export function holdsCredential(text: string): boolean {
  if (isCredential(text)) return true;
  const parsed = yamlLeaves(text);
  if ('why' in parsed) return true;
  const values = new Map(parsed.leaves.map(({ path, value }) => [path, value]));
  return parsed.leaves.some((leaf) => namesCredential(leaf, values));
}

/** A value of a YAML text as it may be shown. */
export function shownValue({ path, value }: Pick<YamlLeaf, 'path' | 'value'>): string {
  const shown = withoutCredentials(value);
  return isCredential(shown) || namesCredential({ path, value: shown }, new Map()) ? NOT_SHOWN : shown;
}

function isCredential(text: string): boolean {
  if (withoutCredentials(text) !== text || SECRET_VALUE.test(text)) return true;
  return [...text.matchAll(PEM_IN_BASE64)].some(([encoded]) => SECRET_VALUE.test(Buffer.from(encoded, 'base64').toString('latin1')));
}

/** By its key, by the name beside it in a list of names and values, or as a flag. */
function namesCredential({ path, value }: Pick<YamlLeaf, 'path' | 'value'>, values: ReadonlyMap<string, string>): boolean {
  const [, flag, given] = /^--?([\w-]+)=(.+)$/.exec(value) ?? [];
  if (flag !== undefined && given !== undefined && isSecret(flag, given)) return true;
  const beside = path.endsWith('.value') ? values.get(path.replace(/value$/, 'name')) : undefined;
  return isSecret(beside ?? path.split('.').at(-1) ?? '', value);
}

/** A path or a switch is no credential. */
function isSecret(name: string, value: string): boolean {
  return value !== '' && !value.startsWith('/') && !/^(true|false|null|\d+)$/.test(value) && SECRET_NAME.test(name);
}
