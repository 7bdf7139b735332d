import { homedir } from 'node:os';
import { defaultVersion, releases } from '../catalogue/catalogue.ts';
import { AppError } from '../errors/app-error.ts';
import type { Role } from '../model/cluster.ts';
import type { ClusterFileChoices } from '../spec/cluster-file-template.ts';
import { clusterFileTemplate } from '../spec/cluster-file-template.ts';
import { loadCluster } from '../spec/load-cluster.ts';
import { formatProblem, isError } from '../spec/problem.ts';
import { DEFAULT_RANGES } from '../spec/schema.ts';
import { isFolder, notWritten } from './not-written.ts';
import { writeWhole } from './write-whole.ts';

/** What a person chose; what is absent is the default. */
export interface InitRequest {
  readonly name: string;
  /** `NAME=ADDRESS`, or an address alone: such nodes are numbered, cp-1, cp-2. */
  readonly controlPlanes: readonly string[];
  readonly workers: readonly string[];
  readonly user: string;
  readonly identityFile?: string | undefined;
  readonly kubernetesVersion?: string | undefined;
  readonly podCIDR?: string | undefined;
  readonly serviceCIDR?: string | undefined;
}

export interface NewClusterFile {
  readonly text: string;
  /** Whether its machines are nobody's: they are to be replaced before anything is dialled. */
  readonly isExample: boolean;
  /** What is allowed and yet unwise, or still to be done, one line each. */
  readonly warnings: readonly string[];
}

const READABLE_MODE = 0o644;
/** Somebody's, of the range that is kept for private networks: to be replaced. */
const EXAMPLE = { controlPlanes: ['10.0.0.11', '10.0.0.12', '10.0.0.13'], workers: ['10.0.0.21'] };

type Node = ClusterFileChoices['nodes'][number];

/** The text of a cluster file, checked as `plan` checks it. Throws `usage` with every problem of what was chosen. */
export function newClusterFile(request: InitRequest): NewClusterFile {
  const isExample = request.controlPlanes.length === 0 && request.workers.length === 0;
  const { controlPlanes, workers } = isExample ? EXAMPLE : request;
  const text = clusterFileTemplate({
    name: request.name,
    kubernetesVersion: request.kubernetesVersion ?? defaultVersion,
    podCIDR: request.podCIDR ?? DEFAULT_RANGES.podCIDR,
    serviceCIDR: request.serviceCIDR ?? DEFAULT_RANGES.serviceCIDR,
    user: request.user,
    identityFile: request.identityFile,
    nodes: [...nodesOf(controlPlanes, 'control-plane'), ...nodesOf(workers, 'worker')],
  });
  const checked = loadCluster(text, 'the new file', { releases, home: homedir() });
  if (!checked.ok) {
    const details = checked.problems.filter(isError).flatMap(({ message, why, fix }) => [message, `  why: ${why}`, `  fix: ${fix}`]);
    throw new AppError('usage', 'no valid cluster file can be made of this', { hint: 'see kubewright init --help', details });
  }
  const example = isExample ? ['the nodes are examples: write the names and addresses of your own machines, or name them with --control-plane and --worker'] : [];
  return { text, isExample, warnings: [...example, ...checked.warnings.flatMap(formatProblem)] };
}

/** Writes the file; one that is there stays unless `force`. Throws `refused` for that, else `local-file`. */
export async function writeClusterFile(path: string, text: string, { force }: { readonly force: boolean }): Promise<void> {
  try {
    await writeWhole(path, text, { mode: READABLE_MODE, replace: force });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && !isFolder(path))
      throw new AppError('refused', `${path} is there already`, { hint: 'name another file with --out FILE, or replace it with --force', cause });
    throw notWritten('the cluster file', path, cause);
  }
}

function nodesOf(words: readonly string[], role: Role): readonly Node[] {
  const nodes = words.map((word): { readonly name?: string; readonly address: string } => {
    const [, name, address] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    return name === undefined || address === undefined ? { address: word } : { name, address };
  });
  const taken = new Set(nodes.map(({ name }) => name));
  const prefix = role === 'worker' ? 'w' : 'cp';
  let number = 0;
  const nextName = (): string => {
    do number += 1;
    while (taken.has(`${prefix}-${number}`));
    return `${prefix}-${number}`;
  };
  return nodes.map(({ name, address }) => ({ name: name ?? nextName(), address, role }));
}
