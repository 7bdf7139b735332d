import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { captureToken } from './capture-tokens.ts';
import { kubewright, mustKubewright } from './kubewright.ts';
import type { Ended } from './kubewright.ts';
import type { SharedCluster } from './shared-cluster.ts';
import { KEPT_IN, SHARED_FILES } from './shared-cluster.ts';
import { logSsh } from './ssh-log.ts';
import { lockTestLabs } from './lock-test-labs.ts';
import { BY_SUDO, writeSharedClusterFile } from './shared-settings.ts';
import { addSudoUser } from './sudo-users.ts';
import { SHARED_LAB, clearLab, raiseLab } from './test-lab.ts';
import type { Machine } from './test-lab.ts';
import { watchArguments } from './watch-arguments.ts';

/** Deploys the cluster that tests share on bare machines; removes it when they have ended, however they did. What is not well is for the tests to say. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = KEPT_IN === undefined ? undefined : readKept(KEPT_IN);
  const lock = await lockTestLabs();
  const directory = KEPT_IN ?? mkdtempSync(join(tmpdir(), 'kubewright-test-'));
  const remove = async (): Promise<void> => {
    try {
      if (KEPT_IN !== undefined) return;
      await clearLab(SHARED_LAB);
      rmSync(directory, { recursive: true, force: true });
    } finally {
      await lock.release();
    }
  };
  try {
    project.provide('sharedCluster', kept ?? (await deploy(directory)));
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

function readKept(directory: string): SharedCluster | undefined {
  const record = join(directory, SHARED_FILES.record);
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')) as SharedCluster;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return undefined;
}

async function deploy(directory: string): Promise<SharedCluster> {
  await clearLab(SHARED_LAB);
  const began = Date.now();
  const machines = await raiseLab(SHARED_LAB);
  await Promise.all(machines.filter(({ name }) => name === BY_SUDO).map((machine) => addSudoUser(machine)));
  const labSeconds = (Date.now() - began) / 1000;
  const clusterFile = join(directory, 'cluster.yaml');
  await writeSharedClusterFile(clusterFile, machines);
  const log = logSsh(directory);
  // From a bundle, as where there is no network; of links, which takes two seconds.
  const bundle = join(directory, 'bundle');
  await mustKubewright(['artifacts', 'bundle', '-o', bundle, '-f', clusterFile, '--link', '--source', 'go']);
  const { ended, token } = await applyWatched({ clusterFile, bundle }, machines, { directory, env: log.env });
  const cluster: SharedCluster = {
    ...{ directory, clusterFile, machines, labSeconds, token },
    kubeconfig: join(directory, 'kubeconfig'),
    since: Math.floor(began / 1000),
    applySeconds: ended.seconds,
    applyExitCode: ended.exitCode,
    roundTrips: log.roundTrips(),
  };
  if (ended.exitCode === 0) await mustKubewright(['kubeconfig', '-f', clusterFile, '--out', cluster.kubeconfig]);
  writeFileSync(join(directory, SHARED_FILES.record), JSON.stringify(cluster), { mode: 0o600 });
  return cluster;
}

interface Surroundings {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The deployment itself; meanwhile arguments of processes are watched and the token is caught. */
async function applyWatched(
  { clusterFile, bundle }: { readonly clusterFile: string; readonly bundle: string },
  machines: readonly Machine[],
  { directory, env }: Surroundings,
): Promise<{ readonly ended: Ended; readonly token: string | undefined }> {
  const over = new AbortController();
  const watch = watchArguments();
  const caught = captureToken(machines, over.signal);
  const ended = await kubewright(['apply', '-f', clusterFile, '--source', `bundle:${bundle}`, '--yes', '-o', 'json'], { env });
  over.abort();
  watch.stop();
  const write = (file: keyof typeof SHARED_FILES, text: string): void => writeFileSync(join(directory, SHARED_FILES[file]), text, { mode: 0o600 });
  write('events', ended.stdout);
  write('errors', ended.stderr);
  write('seenArguments', [...watch.seen].join('\n'));
  return { ended, token: await caught };
}
