import { pollUntil } from '../../src/util/poll.ts';
import { etcdMembers, etcdctl, tryEtcdctl } from './etcd.ts';
import { mustKubewright } from './kubewright.ts';
import { read } from './on-machine.ts';
import { kubectl } from './operator-kubectl.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';
import { processStarts } from './process-starts.ts';
import type { Machine } from './test-lab.ts';

const STOPPED_WITHIN_MS = 120_000;
const RESET_DEADLINE_MS = 180_000;

export interface Removal {
  readonly victim: Machine;
  /** A control plane that stays. */
  readonly witness: Machine;
  /** Asks the witness. */
  readonly operator: OperatorKubectl;
}

/**
 * Takes a control plane out of a cluster as a careful person does, with kubectl, etcdctl and kubeadm: no pods on it, its API server stopped in good order, its member out of etcd, the
 * host reset, the Node object deleted, the power off.
 */
export async function removeControlPlane({ victim, witness, operator }: Removal): Promise<void> {
  await kubectl(operator, 'drain', victim.name, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s');
  await stopApiServer(victim);
  await removeMember(victim, witness);
  // Told to leave etcd alone: without a manifest of the API server it takes this node for a worker, and would not have removed the member. The member is gone, so its data may go.
  await read(victim, 'kubeadm reset --force --skip-phases=remove-etcd-member && rm -rf /var/lib/etcd/member', { deadlineMs: RESET_DEADLINE_MS });
  await kubectl(operator, 'delete', 'node', victim.name);
  // Nothing that it holds is needed any more.
  await mustKubewright(['lab', 'cut', '--name', victim.lab, victim.name]);
}

/** Its manifest is moved away: the kubelet lets it end in good order, and its address leaves the endpoints of the service. */
async function stopApiServer(victim: Machine): Promise<void> {
  await read(victim, 'mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/');
  const isGone = async (): Promise<true | undefined> => ((await processStarts(victim)).some((line) => line.startsWith('kube-apiserver ')) ? undefined : true);
  await pollUntil(isGone, { what: `the API server of ${victim.name} to end`, deadlineMs: STOPPED_WITHIN_MS });
}

/** It hands over first, if it leads. */
async function removeMember(victim: Machine, witness: Machine): Promise<void> {
  const members = await etcdMembers(witness);
  const idOf = ({ name }: Machine): string => BigInt(members.find((member) => member.name === name)!.id).toString(16);
  await tryEtcdctl(victim, `move-leader ${idOf(witness)}`);
  await etcdctl(witness, `member remove ${idOf(victim)}`);
}
