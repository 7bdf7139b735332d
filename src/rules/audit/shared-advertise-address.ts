import { settingOf } from '../../facts/audit/components.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn, mainAddress } from './machine.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { NodeValue } from './repair.ts';
import type { SharedArg } from './shared-documents.ts';
import { sharedArgs } from './shared-documents.ts';

const FLAG = 'advertise-address';

/** The shared value, where there is one: rules about single nodes leave to this rule what came from it. */
export function sharedAdvertiseAddress(view: AuditView): SharedArg | undefined {
  return sharedArgs(view, 'apiServer').find(({ flag }) => flag === FLAG);
}

/** L0: what this project began with (kubeadm 3175, Kubespray 11423). */
export const sharedAdvertiseAddressRule = defineAuditRule({
  code: 'shared-advertise-address',
  severity: 'error',
  title: "every API server is told to advertise one machine's address",
  why: 'kubeadm gives extraArgs to each control plane that joins or is upgraded, and they win over the address that the node itself names: the service kubernetes then leads to one machine, and when that machine goes, CoreDNS, metrics-server and everything else in a pod lose the API',
  fix: 'take advertise-address out of apiServer.extraArgs in the ConfigMap kube-system/kubeadm-config first; then write each control plane its own address into its kube-apiserver manifest, one after another, waiting for /readyz and for the endpoint of the service kubernetes in between',
  isMended: true,
  judge: (view) => {
    const shared = sharedAdvertiseAddress(view);
    if (shared === undefined) return [];
    const nodes = view.controlPlanes.flatMap((machine) => settingOf(componentOn(machine, 'kube-apiserver'), FLAG) ?? []);
    const owners = view.machines.filter(({ addresses }) => addresses.includes(shared.value)).map(({ name }) => name);
    return [
      {
        evidence: [
          `${shared.where} is ${shared.value}, the address of ${owners.join(' and ') || 'no machine of this cluster'}`,
          ...view.controlPlanes.flatMap((machine) => {
            const setting = settingOf(componentOn(machine, 'kube-apiserver'), FLAG);
            return setting === undefined ? [] : [`${machine.name}: ${setting.where}: --${FLAG}=${setting.value}, the machine's own address is ${mainAddress(machine)}`];
          }),
          ...(view.cluster === undefined || nodes.length === 0 ? [] : [`endpoints of default/kubernetes: ${view.cluster.apiEndpoints.join(', ') || 'none'}`]),
        ],
        repair: { kind: 'own-flag', component: 'kube-apiserver', flag: FLAG, shared: [shared.place], nodes: nodesToMend(view) },
      },
    ];
  },
});

function nodesToMend(view: AuditView): readonly NodeValue[] {
  return view.controlPlanes.flatMap((machine) => {
    const setting = settingOf(componentOn(machine, 'kube-apiserver'), FLAG);
    const own = mainAddress(machine);
    return setting === undefined || own === '' || machine.addresses.includes(setting.value) ? [] : [{ node: machine.name, where: setting.where, from: setting.value, to: own }];
  });
}
