import type { KubeadmResetAction } from '../actions/kinds/kubeadm.ts';
import { KUBELET_CONFIG, KUBELET_FLAGS, KUBERNETES_DIR } from '../facts/kubernetes-paths.ts';
import { KUBELET_UNIT } from '../planning/files/kubelet.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import type { Phase } from './kubeadm-init.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** `kubeadm reset` without its phase for etcd, and what the action wipes after it. */
export function resetPhases(world: SimWorld, machine: SimMachine, { endsCluster }: KubeadmResetAction): readonly Phase[] {
  return [
    { name: 'stop', run: () => machine.stop(KUBELET_UNIT) },
    { name: 'manifests', run: () => machine.remove(...machine.paths(`${KUBERNETES_DIR}/manifests/`)) },
    { name: 'kubelet', run: () => machine.remove(KUBELET_CONFIG, KUBELET_FLAGS) },
    { name: 'directories', run: () => machine.remove(...machine.paths(`${KUBERNETES_DIR}/`)) },
    { name: 'etcd data', run: () => wipe(world, machine, endsCluster) },
    { name: 'marks', run: () => machine.remove(INIT_MARK, JOIN_MARK) },
  ];
}

/** A member that is listed and has forgotten its votes must never start again. */
function wipe(world: SimWorld, machine: SimMachine, endsCluster: boolean): void {
  const member = world.memberOf(machine);
  if (member !== undefined && !endsCluster) world.violations.push(`the data of member ${member.name} is wiped while it is listed`);
  if (endsCluster && (world.cluster?.members.length ?? 0) > 1) world.violations.push(`${machine.name} ends a cluster that has other members`);
  machine.etcdMemberId = undefined;
  if (endsCluster) world.cluster = undefined;
}
