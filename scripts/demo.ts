// From nothing to a verified cluster of three control planes and a worker on this machine, by the command line tool alone: every line it runs is shown.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { AppError } from '../src/errors/app-error.ts';
import { runProgram } from '../src/process/run-program.ts';

const LAB = 'demo';
const DIRECTORY = 'demo';
const CLUSTER_FILE = join(DIRECTORY, 'cluster.yaml');
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
  await Promise.all([show('artifacts', 'ensure'), show('lab', 'up', '--name', LAB, '--control-planes', '3', '--workers', '1')]);
  await writeFile(CLUSTER_FILE, await answer('lab', 'cluster-file', '--name', LAB));
  await show('apply', '-f', CLUSTER_FILE, '--yes');
  await show('verify', '-f', CLUSTER_FILE);
  await show('kubeconfig', '-f', CLUSTER_FILE, '--out', KUBECONFIG);
  await linkKubectl();
  for (const what of ['nodes', 'pods']) await run(KUBECTL, ['get', what, '--all-namespaces', '-o', 'wide']);
  console.log(
    [
      '',
      `A cluster of three control planes and a worker runs and is verified; this took ${seconds()} s. What is there already is not done again: make demo once more takes seconds.`,
      'Try next:',
      `  ${KUBECTL} top nodes`,
      `  ${TOOL} lab cut ${LAB}/cp-3 && ${KUBECTL} get nodes && ${TOOL} lab start ${LAB}/cp-3`,
      `  ${TOOL} lab down --name ${LAB}`,
    ].join('\n'),
  );
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
