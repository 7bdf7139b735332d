import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planSchema } from '../../src/contract/plan.ts';
import { labRequirements } from '../../src/lab/lab-requirements.ts';
import { runProgram } from '../../src/process/run-program.ts';
import { writeFloorWork } from './floor-work.ts';
import { watchMemory } from './process-tree.ts';

const LAB = 'kwfloor';
const SUBNET = '10.88.239.0/24';
const ROUNDS = 3;
const TOOL = 'bin/kubewright';
const CLUSTER_FILE = 'cluster.yaml';
const SAID_CHARACTERS = 2000;

interface Round {
  readonly floorSeconds: number;
  readonly applySeconds: number;
  readonly applyMemoryMb: number;
}

/**
 * A deployment by `bench/floor.sh` against one by apply: in turn, on machines made anew each time, both with the same artifacts and the same check from outside at the end.
 * Says why where no lab can be made.
 */
export async function measureFloor(): Promise<object> {
  const { problems } = await labRequirements();
  if (problems.length > 0) return { notMeasured: `it needs a lab: ${problems.join('; ')}` };
  const directory = await mkdtemp(join(tmpdir(), 'kubewright-floor-'));
  try {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const floorSeconds = await onBareMachines(join(directory, `${round}`), (work) => runTimed('bench/floor.sh', [work]).seconds);
      let applyMemoryMb = 0;
      const applySeconds = await onBareMachines(join(directory, `${round}-apply`), async (work) => {
        const ran = runTimed(TOOL, ['apply', '-f', join(work, CLUSTER_FILE), '--yes']);
        const [seconds, memoryMb] = await Promise.all([ran.seconds, ran.memoryMb]);
        applyMemoryMb = memoryMb;
        return seconds;
      });
      rounds.push({ floorSeconds, applySeconds, applyMemoryMb });
      console.log(`round ${round + 1}: floor ${floorSeconds} s, apply ${applySeconds} s, memory of apply's processes ${applyMemoryMb} MB`);
    }
    const floorMedian = middle(rounds.map(({ floorSeconds }) => floorSeconds));
    const applyMedian = middle(rounds.map(({ applySeconds }) => applySeconds));
    return { rounds, medianSeconds: { floor: floorMedian, apply: applyMedian }, ratio: Math.round((applyMedian / floorMedian) * 100) / 100 };
  } finally {
    await runProgram(TOOL, ['lab', 'down', '--name', LAB]);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Seconds of a deployment with the check from outside after it; the machines before it are made anew, and what it works from is laid out. */
async function onBareMachines(work: string, deploy: (work: string) => Promise<number>): Promise<number> {
  await runProgram(TOOL, ['lab', 'down', '--name', LAB]);
  await runProgram(TOOL, ['lab', 'up', '--name', LAB, '--subnet', SUBNET]);
  await layOut(work);
  return round1((await deploy(work)) + (await runTimed('bench/outside-check.sh', [work]).seconds));
}

async function layOut(work: string): Promise<void> {
  await runProgram('mkdir', ['-p', '-m', '700', work]);
  const clusterFile = join(work, CLUSTER_FILE);
  await writeFile(clusterFile, (await runProgram(TOOL, ['lab', 'cluster-file', '--name', LAB])).stdout);
  const [planned, listed, machines] = [
    await runProgram(TOOL, ['plan', '-f', clusterFile, '-o', 'json']),
    await runProgram(TOOL, ['artifacts', 'list', '-o', 'json']),
    await runProgram(TOOL, ['lab', 'list', '--name', LAB, '-o', 'json']),
  ];
  const found = (JSON.parse(machines.stdout) as { readonly machines: readonly { readonly name: string; readonly address: string }[] }).machines;
  const text = (await runProgram('cat', [clusterFile])).stdout;
  const setting = (name: string): string => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? '';
  const common = `Host *\n  User root\n  IdentityFile ${setting('identityFile')}\n  UserKnownHostsFile ${setting('knownHostsFile')}\n  StrictHostKeyChecking yes\n  BatchMode yes\n  LogLevel ERROR\n`;
  await writeFloorWork({
    directory: work,
    sshConfig: `${found.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`).join('')}${common}  ControlMaster auto\n  ControlPath ${work}/%n\n  ControlPersist 60\n`,
    plan: planSchema.parse(JSON.parse(planned.stdout)),
    artifacts: JSON.parse(listed.stdout),
    nodes: found.map(({ name }) => ({ name, role: name.startsWith('cp-') ? 'control-plane' : 'worker' })),
  });
}

/** Runs a program: its seconds when it has ended, and the most memory that it took. Rejects with the last of what it said when it fails. */
function runTimed(program: string, args: readonly string[]): { readonly seconds: Promise<number>; readonly memoryMb: Promise<number> } {
  const began = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-SAID_CHARACTERS);
  });
  const seconds = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve((performance.now() - began) / 1000);
      else reject(new Error(`${program} ended with ${exitCode}: ${said}`));
    });
  });
  return { seconds, memoryMb: watchMemory(child.pid ?? 0, () => child.exitCode !== null || child.signalCode !== null) };
}

function middle(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}

function round1(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
