import { dirname } from 'node:path';
import { JOIN_MARK } from '../../src/shell/remote-paths.ts';
import { etcdctl } from './etcd.ts';
import { read } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/**
 * What a join of this tool leaves that died after it had added its etcd member: a learner that never started, a Node object without a label, files of kubeadm, a kubelet's kubeconfig
 * that leads nowhere, and the mark by which they are known as ours. Made by hand, since no moment of a real death is the same twice.
 */
export async function leaveHalfJoined(machine: Machine, witness: Machine): Promise<void> {
  await etcdctl(witness, `member add ${machine.name} --learner --peer-urls=https://${machine.address}:2380`);
  const node = JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: machine.name } });
  await read(witness, `kubectl --kubeconfig /etc/kubernetes/admin.conf create -f - <<'END'\n${node}\nEND`);
  const files = ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/admin.conf', '/var/lib/kubelet/config.yaml', JOIN_MARK];
  await read(
    machine,
    `mkdir -p /etc/kubernetes/manifests /var/lib/etcd/member/snap /var/lib/kubelet ${dirname(JOIN_MARK)}\nfor f in ${files.join(' ')}; do echo '{}' > "$f"; done`,
  );
}
