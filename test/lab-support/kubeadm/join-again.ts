import { mustKubewright } from '../kubewright.ts';
import { read } from '../on-machine.ts';
import { kubectl } from '../operator-kubectl.ts';
import type { OperatorKubectl } from '../operator-kubectl.ts';
import type { Machine } from '../test-lab.ts';
import { PATCHES } from './machine-files.ts';
import type { Story } from './story.ts';

const DEADLINE_MS = 300_000;

/** What kubeadm tells a person to type on a machine that is to join. */
async function joinCommand(witness: Machine): Promise<string> {
  return (await read(witness, 'kubeadm token create --print-join-command', { isSecret: true })).trim();
}

async function join(machine: Machine, words: string): Promise<void> {
  await read(machine, `${words} --node-name ${machine.name} --ignore-preflight-errors=SystemVerification --patches ${PATCHES}`, { deadlineMs: DEADLINE_MS, isSecret: true });
}

/** kubeadm has ended before the kubelet tells the API of its node, and a wait for a condition of what is not there fails at once. */
async function awaitReady(operator: OperatorKubectl, { name }: Machine): Promise<void> {
  for (const what of ['create', 'condition=Ready']) await kubectl(operator, 'wait', `--for=${what}`, `node/${name}`, '--timeout=120s');
}

/** The worker leaves and joins again, by the words that a control plane which stays prints. */
export async function joinWorkerAgain({ worker, witness, operator }: Story): Promise<void> {
  await kubectl(operator, 'drain', worker.name, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s');
  await kubectl(operator, 'delete', 'node', worker.name);
  await read(worker, 'kubeadm reset --force', { deadlineMs: DEADLINE_MS });
  await join(worker, await joinCommand(witness));
  await awaitReady(operator, worker);
}

/** The control plane that was removed gets its power and joins again, told its own address as it was the first time. */
export async function joinFirstAgain({ first, witness, operator }: Story): Promise<void> {
  await mustKubewright(['lab', 'start', '--name', first.lab, first.name]);
  const uploaded = await read(witness, 'kubeadm init phase upload-certs --upload-certs', { isSecret: true });
  const certificateKey = uploaded.trim().split('\n').at(-1);
  await join(first, `${await joinCommand(witness)} --control-plane --certificate-key ${certificateKey} --apiserver-advertise-address ${first.address}`);
  await awaitReady(operator, first);
}
