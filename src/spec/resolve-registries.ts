import { clusterScoped } from '../model/cluster-scoped.ts';
import type { Registry, RegistryLogin, SecretSource } from '../model/cluster.ts';
import { compareStrings } from '../util/canonical-json.ts';
import type { RegistryEntry } from './schema.ts';

type Entries = Readonly<Record<string, RegistryEntry>>;

/** Registries as every node's runtime has them, by name. */
export function resolveRegistries(entries: Entries): readonly Registry[] {
  return Object.entries(entries)
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([name, { mirrors, credentials }]) => ({ name: clusterScoped(name), mirrors: mirrors.map((mirror) => clusterScoped(mirror)), hasLogin: credentials !== undefined }));
}

/** Logins by the registry's name; paths of a valid file made absolute. */
export function resolveLogins(entries: Entries, absolute: (path: string) => string): ReadonlyMap<string, RegistryLogin> {
  return new Map(
    Object.entries(entries).flatMap(([name, { credentials }]) =>
      credentials === undefined ? [] : [[name, { username: credentials.username, password: sourceOf(credentials.password, absolute) }] as const],
    ),
  );
}

function sourceOf({ fromFile, fromEnv }: NonNullable<RegistryEntry['credentials']>['password'], absolute: (path: string) => string): SecretSource {
  if (fromFile !== undefined) return { from: 'file', path: absolute(fromFile) };
  if (fromEnv !== undefined) return { from: 'environment', variable: fromEnv };
  throw new Error('a secret is named nowhere, and the file was taken for valid');
}
