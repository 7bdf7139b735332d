import type { Release } from '../catalogue/release.ts';
import type { Cluster, SecretSource } from '../model/cluster.ts';
import { mergedSettings } from '../model/known-settings.ts';
import { allChecks } from './checks/all-checks.ts';
import type { Origins } from './origins.ts';
import { originsOf } from './origins.ts';
import { formatPath } from './document-path.ts';
import type { DocumentPath } from './document-path.ts';
import { withPools } from './pools.ts';
import type { Problem, SpecFinding } from './problem.ts';
import { isError, sortProblems, toProblem } from './problem.ts';
import { readDocument } from './read-document.ts';
import { absolutePath, resolveCluster } from './resolve-cluster.ts';
import { salvage } from './salvage.ts';
import { issuesOf, schemaFindings } from './schema-findings.ts';
import type { ClusterFile } from './schema.ts';
import { clusterFileSchema } from './schema.ts';
import type { LocatedDocument } from './yaml-document.ts';
import { isWritten, locate } from './yaml-document.ts';

const SSH_FILES = ['identityFile', 'knownHostsFile'] as const;
export type SshFile = (typeof SSH_FILES)[number];
type SshFiles = { readonly [K in SshFile]?: string | undefined };

export interface LoadOptions {
  /** Of the catalogue: what a file may deploy. */
  readonly releases: readonly Release[];
  /** What `~` stands for: the home directory of who runs the command. */
  readonly home: string;
  /** Why a secret cannot be had; absent where the values of secrets are not needed. */
  readonly whyMissing?: (source: SecretSource) => string | undefined;
  /** Why ssh could not read a file that it is to be given; absent where nothing is dialled. */
  readonly whyUnreadable?: (path: string, kind: SshFile) => string | undefined;
}

export type LoadResult =
  | { readonly ok: true; readonly cluster: Cluster; readonly warnings: readonly Problem[]; readonly origins: Origins }
  /** All problems of the file at once, warnings too, by place. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** From the text of a cluster file to the desired cluster. Pure; never throws: problems are values. */
export function loadCluster(text: string, fileName: string, options: LoadOptions): LoadResult {
  const read = readDocument(text, fileName);
  if (read.located === undefined) return { ok: false, problems: sortProblems(read.problems) };
  const { located, raw } = read;
  const parsed = clusterFileSchema.safeParse(raw);
  const issues = issuesOf(parsed.error, raw);
  const written = parsed.success ? parsed.data : salvage(raw, issues);
  const right = withPools(written);
  const told = schemaFindings(issues, raw);
  const refused = new Set(told.map(({ path }) => formatPath(path)));
  const { releases } = options;
  const release = releases.find(({ kubernetes }) => kubernetes === right.spec?.kubernetes?.version);
  const settings = release?.settings ?? mergedSettings(releases.map((each) => each.settings));
  const context = { releases, release, settings, written, isRefused: (path: DocumentPath) => refused.has(formatPath(path)) };
  const findings = [...told, ...allChecks.flatMap((check) => check(right, context))];
  const problems = sortProblems([...read.problems, ...findings.map((finding) => withPlace(finding, located))]);
  if (!parsed.success || problems.some(isError)) return { ok: false, problems };
  const cluster = resolveCluster(withPools(parsed.data), located, options.home);
  const missing = [...missingSecrets(cluster.logins, options), ...unreadableFiles(parsed.data, located.file, options)].map((finding) => withPlace(finding, located));
  if (missing.length > 0) return { ok: false, problems: sortProblems([...problems, ...missing]) };
  return { ok: true, cluster, warnings: problems, origins: originsOf(parsed.data, located) };
}

function missingSecrets(logins: Cluster['logins'], { whyMissing = () => undefined }: LoadOptions): readonly SpecFinding[] {
  return [...logins].flatMap(([name, { password }]): readonly SpecFinding[] => {
    const why = whyMissing(password);
    if (why === undefined) return [];
    const path = ['spec', 'registries', name, 'credentials', 'password', password.from === 'file' ? 'fromFile' : 'fromEnv'];
    return [{ code: 'secret-missing', path, message: `the password of ${name} is not there: ${why}` }];
  });
}

/** Of files that ssh cannot read it says nothing: only that the machine is a stranger, or refuses the login. */
function unreadableFiles({ spec }: ClusterFile, file: string, { home, whyUnreadable = () => undefined }: LoadOptions): readonly SpecFinding[] {
  const absolute = absolutePath(file, home);
  const places: readonly (readonly [path: DocumentPath, ssh: SshFiles | undefined])[] = [
    [['spec', 'ssh'], spec.ssh],
    ...Object.entries(spec.pools).map(([name, pool]) => [['spec', 'pools', name, 'ssh'], pool.ssh] as const),
    ...spec.nodes.map((node, index) => [['spec', 'nodes', index, 'ssh'], node.ssh] as const),
  ];
  return places.flatMap(([path, ssh]) =>
    SSH_FILES.flatMap((key): readonly SpecFinding[] => {
      const named = ssh?.[key];
      const why = named === undefined ? undefined : whyUnreadable(absolute(named), key);
      return why === undefined ? [] : [{ code: 'ssh-file-missing', path: [...path, key], message: `${key} ${named} cannot be read: ${why}` }];
    }),
  );
}

function withPlace(finding: SpecFinding, located: LocatedDocument): Problem {
  const path = finding.otherPath !== undefined && !isWritten(located, finding.path) ? finding.otherPath : finding.path;
  return toProblem({ ...finding, path }, located.file, locate(located, path, finding.at));
}
