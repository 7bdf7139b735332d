import { known, unknown } from '../plan/fact.ts';
import type { Fact, FactKey } from '../plan/fact.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { FileFact, HostFacts, ProcessFact, UnitFact } from './host-facts.ts';
import { hasRemains } from './ledger/ledger-facts.ts';
import type { LedgerFacts } from './ledger/ledger-facts.ts';
import type { View } from './snapshot.ts';
import { sha256 } from '../util/sha256.ts';

/** A question to the host of a view. */
function hostKey<T>(key: string, of: (host: HostFacts) => Fact<T>, show: (value: T) => string): FactKey<View, T> {
  return { key, pick: ({ host }) => (host.state === 'known' ? of(host.value) : host), show };
}

/** A question to the cluster as a whole. */
export function clusterKey<T>(key: string, of: (cluster: ClusterFacts) => T, show: (value: T) => string): FactKey<View, T> {
  return { key, pick: ({ cluster }) => (cluster.state === 'known' ? known(of(cluster.value)) : cluster), show };
}

export const fileKey = (path: string): FactKey<View, FileFact> => hostKey(`file ${path}`, ({ files }) => asked(files[path], path), showFile);

export const unitKey = (unit: string): FactKey<View, UnitFact> =>
  hostKey(
    `unit ${unit}`,
    ({ units }) => asked(units[unit], unit),
    ({ load, active, enabled }) => `${load}, ${active}, ${enabled}`,
  );

export const sysctlKey = (name: string): FactKey<View, string | undefined> =>
  hostKey(
    `sysctl ${name}`,
    ({ sysctls }) => known(sysctls[name]),
    (value) => value ?? 'not in this kernel',
  );

export const packageKey = (name: string): FactKey<View, string | undefined> =>
  hostKey(
    `package ${name}`,
    ({ packages }) => known(packages[name]),
    (value) => value ?? 'not installed',
  );

/** Names and addresses that the certificate of a file carries. */
export const certificateKey = (path: string): FactKey<View, readonly string[]> =>
  hostKey<readonly string[]>(
    `names in ${path}`,
    ({ certificates }) => {
      const certificate = certificates[path];
      return certificate === undefined ? unknown(`${path} holds no certificate or was not looked at`) : known([...certificate.names, ...certificate.addresses]);
    },
    (names) => names.join(' '),
  );

/** The server of a kubeconfig. */
export const kubeconfigKey = (path: string): FactKey<View, string> => hostKey(`server in ${path}`, ({ kubeconfigs }) => asked(kubeconfigs[path]?.server, path), String);

/** An answer about the processes of one name. */
export const processKey = <T extends string | boolean | number>(name: string, of: (processes: readonly ProcessFact[]) => T, question: string): FactKey<View, T> =>
  hostKey(`processes ${name} ${question}`, ({ processes }) => known(of(processes.filter((process) => process.name === name))), String);

export const modulesKey: FactKey<View, readonly string[]> = hostKey(
  'kernel modules',
  ({ platform }) => known(platform.kernelModules),
  (names) => names.join(' '),
);

/** A runtime that does not answer has no images: the step that starts it comes first, and importing twice harms nothing. */
export const imageKey = (name: string): FactKey<View, string | undefined> =>
  hostKey(
    `image ${name}`,
    ({ images }) => known(images.state === 'known' ? images.value[name] : undefined),
    (digest) => digest ?? 'absent',
  );

/** The whole ledger: every line of it decides something. */
export const ledgerKey: FactKey<View, LedgerFacts> = hostKey(
  'ledger',
  ({ ledger }) => asked(ledger, 'the ledger'),
  (ledger) => (hasRemains(ledger) ? `${ledger.items.length} entries, sha256 ${sha256(JSON.stringify(ledger)).slice(0, 12)}` : 'none'),
);

/** Any answer about the platform, as the planner's own question to it. */
export const platformKey = <T extends string | boolean | number>(question: string, of: (host: HostFacts) => T): FactKey<View, T> =>
  hostKey(question, (host) => known(of(host)), String);

function asked<T>(value: T | undefined, what: string): Fact<T> {
  return value === undefined ? unknown(`${what} was not looked at`) : known(value);
}

function showFile(file: FileFact): string {
  if (file.type === 'file') return `sha256 ${file.sha256.slice(0, 12)}, ${file.mode}, ${file.owner}`;
  return file.type === 'link' ? `link to ${file.target}` : file.type;
}
