import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { OperatorKubectl } from './operator-kubectl.ts';
import { cachedKubectl } from './operator-kubectl.ts';
import { SHARED_LAB, clearLab } from './test-lab.ts';
import type { Machine } from './test-lab.ts';

/** The cluster that most tests share, with what was seen while it was deployed. Its files lie in a directory of its own. */
export interface SharedCluster {
  readonly directory: string;
  readonly clusterFile: string;
  /** Of an administrator; there if the deployment came to its end. */
  readonly kubeconfig: string;
  readonly machines: readonly Machine[];
  /** Seconds since the epoch: nothing that the tool wrote is older. */
  readonly since: number;
  readonly labSeconds: number;
  readonly applySeconds: number;
  readonly applyExitCode: number | null;
  /** Remote commands of the deployment, by address. */
  readonly roundTrips: Readonly<Record<string, number>>;
  /** A bootstrap token of the deployment, while there was one. */
  readonly token: string | undefined;
}

/** Names of files in the cluster's directory. */
export const SHARED_FILES = { events: 'apply.jsonl', errors: 'apply.err', seenArguments: 'arguments.txt', record: 'cluster.json' } as const;

/** Names a directory: lab and cluster stay after the tests, and the next run of them takes what is there. For work on a test. */
export const KEPT_IN = process.env['KUBEWRIGHT_TEST_KEEP'];

declare module 'vitest' {
  interface ProvidedContext {
    sharedCluster: SharedCluster;
  }
}

/** The cluster as it was deployed, well or not. */
export function deployedCluster(): SharedCluster {
  return inject('sharedCluster');
}

/** The cluster for tests that need one which was deployed well. */
export function sharedCluster(): SharedCluster {
  const cluster = deployedCluster();
  if (cluster.applyExitCode !== 0) throw new Error('the shared cluster was not deployed: see the test of the deployment');
  return cluster;
}

export async function operatorOf({ kubeconfig }: SharedCluster): Promise<OperatorKubectl> {
  return { program: await cachedKubectl(), kubeconfig };
}

export function sharedFile({ directory }: SharedCluster, file: keyof typeof SHARED_FILES): string {
  return readFileSync(join(directory, SHARED_FILES[file]), 'utf8');
}

export const isControlPlane = ({ role }: Machine): boolean => role === 'control-plane';

/** The last test that needs the shared cluster says so: other labs get the processors. */
export async function endSharedCluster(): Promise<void> {
  if (KEPT_IN === undefined) await clearLab(SHARED_LAB);
}
