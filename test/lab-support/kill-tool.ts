import { pollUntil } from '../../src/util/poll.ts';
import { startKubewright } from './kubewright.ts';
import { ask, readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

const REACHED_DEADLINE_MS = 600_000;
const LOOK_EVERY_MS = 200;

/** When to kill: as soon as apply prints such a line, or as soon as a look at the machines says so. */
export type Moment = { readonly line: (line: string) => boolean } | { readonly look: () => Promise<boolean> };

/**
 * Starts apply and kills its process, and that alone, at the moment: what it started on machines, and its connections, are left as they are. Throws when apply ends before.
 */
export async function killApplyAt(clusterFile: string, moment: Moment): Promise<void> {
  const lines: string[] = [];
  const kill = (): boolean => child.kill('SIGKILL');
  const onLine = (line: string): void => {
    lines.push(line);
    if ('line' in moment && moment.line(line)) kill();
  };
  const { child, ended } = startKubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json'], { onLine });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const look = async (): Promise<true | undefined> => {
    if (!isOver() && 'look' in moment && (await moment.look())) kill();
    return isOver() ? true : undefined;
  };
  await pollUntil(look, { what: 'the moment to kill the tool', deadlineMs: REACHED_DEADLINE_MS, everyMs: LOOK_EVERY_MS });
  const { exitCode, stderr } = await ended;
  if (exitCode !== null) throw new Error(`apply ended with ${exitCode} before the moment to kill it:\n${stderr}\n${lines.slice(-5).join('\n')}`);
}

/** Whether a kubeadm with this verb runs on the machine now. */
export async function runsKubeadm(machine: Machine, verb: 'init' | 'join'): Promise<boolean> {
  const { stdout } = await ask(machine, 'ps -C kubeadm -o args=');
  return stdout.split('\n').some((line) => line.includes(`kubeadm ${verb} `));
}

/** How often systemd has started the script of a step on a machine, whichever run it was of. */
export async function timesStarted(machine: Machine, step: string): Promise<number> {
  const unit = `${step.replaceAll('/', '_2f')}.service`;
  const lines = await readLines(machine, "journalctl --no-pager --output cat --identifier systemd | grep '^Starting kubewright-' || true");
  return lines.filter((line) => line.includes(unit)).length;
}

/** How often etcd, as the log of this member has it, was given a member with this peer address. */
export async function timesAdded(witness: Machine, joined: Machine): Promise<number> {
  const lines = await readLines(witness, `cat /var/log/pods/kube-system_etcd-*/etcd/*.log | grep '"msg":"added member"' || true`);
  return lines.filter((line) => line.includes(`https://${joined.address}:2380`)).length;
}

/** Digest of the cluster's authority as this machine has it: another one would be another cluster. */
export async function authorityOf(machine: Machine): Promise<string> {
  const [line = ''] = await readLines(machine, 'openssl x509 -noout -fingerprint -sha256 -in /etc/kubernetes/pki/ca.crt');
  return line;
}
