import type { MachineFacts } from '../../facts/audit/machine-facts.ts';

const FILE = 'super-admin.conf';

interface Seen {
  readonly facts: MachineFacts;
}

/** Where kubeconfigs lie, a super-admin.conf among them. */
export function superAdminFiles({ facts: { directories } }: Seen): readonly string[] {
  return Object.entries(directories).flatMap(([directory, names]) => (names.includes(FILE) ? [`${directory}/${FILE}`] : []));
}

/** Static pods that are given the file. */
export function superAdminMounts({ facts: { manifests } }: Seen): readonly string[] {
  return manifests.flatMap((manifest) =>
    manifest.type === 'pod' ? manifest.hostPaths.filter(({ path }) => path.endsWith(`/${FILE}`)).map(({ line }) => `${manifest.path}:${line}`) : [],
  );
}
