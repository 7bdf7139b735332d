import { settingOf } from '../../facts/audit/components.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { componentOn, seenMachines } from './machine.ts';
import { usedKubeconfigs } from './kubeconfigs-of-machines.ts';

export const halfJoinedNode = defineAuditRule({
  code: 'half-joined-node',
  severity: 'error',
  title: 'a machine joined the cluster half-way, or left it half-way',
  why: 'it looks like a node and is none, or serves and nobody counts it: what runs there is in no plan, and the next join of the machine fails on what is left',
  fix: 'remove what is left in the cluster (the member with etcdctl, then the Node object), run kubeadm reset on the machine with --skip-phases=remove-etcd-member, and join it anew',
  judge: (view) => (view.cluster === undefined ? [] : seenMachines(view).flatMap((machine) => judge(view, machine))),
});

function judge(view: AuditView, machine: Machine): readonly AuditComplaint[] {
  const on = { node: machine.name };
  const apiServer = componentOn(machine, 'kube-apiserver');
  const kubelet = componentOn(machine, 'kubelet');
  if (machine.node === undefined)
    return complain(
      kubelet === undefined && apiServer === undefined
        ? []
        : [`${[kubelet?.name, apiServer?.name].filter((name) => name !== undefined).join(' and ')} of this cluster on a machine without a Node object`],
      on,
    );
  const evidence = [
    ...(apiServer !== undefined && !machine.node.isControlPlane ? ['a kube-apiserver is here, and the Node object has no label node-role.kubernetes.io/control-plane'] : []),
    ...(apiServer === undefined && machine.node.isControlPlane ? ['the Node object is labelled as a control plane, and there is no kube-apiserver here'] : []),
    ...bootstrapLeft(view, machine),
  ];
  return complain(evidence, on);
}

/** kubeadm removes its kubeconfig for bootstrapping at the end of a join. */
function bootstrapLeft(view: AuditView, machine: Machine): readonly string[] {
  const path = settingOf(componentOn(machine, 'kubelet'), 'bootstrap-kubeconfig')?.value;
  const all = usedKubeconfigs(view).filter((each) => each.machine.name === machine.name);
  const hasOwn = all.some(({ path: other, use, view: { server } }) => use === 'kubelet' && other !== path && server !== '');
  return all.some((each) => each.path === path) && !hasOwn ? [`${path ?? ''} exists, and no kubeconfig of the kubelet's own`] : [];
}
