// From nothing to a verified cluster of three control planes and a worker on this machine, by the command line tool alone: every line it runs is shown.
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { AppError } from '../src/errors/app-error.ts';
import { runProgram } from '../src/process/run-program.ts';

const LAB = 'demo';
const DIRECTORY = 'demo';
const CLUSTER_FILE = join(DIRECTORY, 'cluster.yaml');
const LOCK_FILE = join(DIRECTORY, 'cluster.lock');
const KUBECONFIG = join(DIRECTORY, 'kubeconfig');
const KUBECTL = join(DIRECTORY, 'kubectl');
const TOOL = 'bin/kubewright';

process.chdir(join(import.meta.dirname, '..'));
const startedMs = performance.now();
const seconds = (): string => ((performance.now() - startedMs) / 1000).toFixed(0);

try {
  await demo();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`demo: ${error.message}\n${error.details.join('\n')}\n${error.hint}\nmake demo goes on from what is there`);
  process.exitCode = error.exitCode;
}

async function demo(): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true });
  // Machines do not wait for programs, nor these for them: one builds, the other downloads.
  await Promise.all([show('artifacts', 'ensure', '--source', 'go'), raiseLab()]);
  // Made with the cluster file, anew each time: a checkout that was updated makes other programs.
  await rm(LOCK_FILE, { force: true });
  await writeFile(CLUSTER_FILE, await answer('lab', 'cluster-file', '--name', LAB));
  await show('apply', '-f', CLUSTER_FILE, '--yes');
  await show('verify', '-f', CLUSTER_FILE);
  await show('kubeconfig', '-f', CLUSTER_FILE, '--out', KUBECONFIG);
  await linkKubectl();
  const spare = await controlPlaneBeside(await readFile(KUBECONFIG, 'utf8'));
  for (const what of ['nodes', 'pods']) await run(KUBECTL, ['get', what, '--all-namespaces', '-o', 'wide']);
  console.log(
    [
      '',
      `A cluster of three control planes and a worker runs and is verified; this took ${seconds()} s. What is there already is not done again: make demo once more takes seconds.`,
      'Try next:',
      `  ${KUBECTL} top nodes`,
      `  ${TOOL} lab cut ${LAB}/${spare} && ${KUBECTL} get nodes && ${TOOL} lab start ${LAB}/${spare}`,
      `  ${TOOL} lab down --name ${LAB}`,
    ].join('\n'),
  );
}

/** The machines; what is left of a lab that cannot be raised, and of which nothing runs, is removed first. */
async function raiseLab(): Promise<void> {
  const up = ['lab', 'up', '--name', LAB, '--control-planes', '3', '--workers', '1'];
  try {
    await show(...up);
  } catch (error) {
    if (process.geteuid?.() !== 0 || (await isAnyRunning())) throw error;
    console.log(`\ndemo: nothing of lab ${LAB} runs: what is left of it is removed, and it is made anew`);
    await show('lab', 'down', '--name', LAB);
    await show(...up);
  }
}

async function isAnyRunning(): Promise<boolean> {
  return (await listMachines()).some(({ state }) => state === 'running');
}

/** A control plane that the kubeconfig does not name: without it, kubectl works as before. */
async function controlPlaneBeside(kubeconfig: string): Promise<string> {
  const found = (await listMachines()).find(({ name, address }) => name.startsWith('cp-') && !kubeconfig.includes(`https://${address}:`));
  return found?.name ?? 'cp-1';
}

interface LabMachine {
  readonly lab: string;
  readonly name: string;
  readonly address: string;
  readonly state: string;
}

async function listMachines(): Promise<readonly LabMachine[]> {
  const { machines } = JSON.parse(await answer('lab', 'list', '-o', 'json')) as { readonly machines: readonly LabMachine[] };
  return machines.filter(({ lab }) => lab === LAB);
}

/** kubectl of the cache with the demo's kubeconfig, in place of two long paths. */
async function linkKubectl(): Promise<void> {
  const { artifacts } = JSON.parse(await answer('artifacts', 'list', '-o', 'json', 'kubectl')) as { readonly artifacts: readonly { readonly path?: string }[] };
  await writeFile(KUBECTL, `#!/bin/sh\nexec '${artifacts[0]?.path ?? 'kubectl'}' --kubeconfig '${join(process.cwd(), KUBECONFIG)}' "$@"\n`);
  await chmod(KUBECTL, 0o755);
}

async function answer(...words: readonly string[]): Promise<string> {
  return (await runProgram(TOOL, words)).stdout;
}

async function show(...words: readonly string[]): Promise<void> {
  await run(TOOL, words);
}

/** Runs a program on this terminal, after its command line. */
async function run(program: string, words: readonly string[]): Promise<void> {
  console.log(`\n$ ${[program, ...words].join(' ')}`);
  const exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  if (exitCode !== 0) throw new AppError('program-failed', `${program} ${words.join(' ')} ended with exit code ${exitCode}`);
}
