import { settingOf } from '../../facts/audit/components.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { apiAddress, componentOn } from './machine.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { DisputedValue, NodeValue } from './repair.ts';
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
            return setting === undefined ? [] : [`${machine.name}: ${setting.where}: --${FLAG}=${setting.value}, ${ownWords(machine)}`];
          }),
          ...(view.cluster === undefined || nodes.length === 0 ? [] : [`endpoints of default/kubernetes: ${view.cluster.apiEndpoints.join(', ') || 'none'}`]),
        ],
        repair: { kind: 'own-flag', component: 'kube-apiserver', flag: FLAG, shared: [shared.place], ...toMend(view) },
      },
    ];
  },
});

function ownWords(machine: Machine): string {
  const own = apiAddress(machine);
  return own.state === 'told' ? `the machine's own address is ${own.address}` : own.why;
}

/** Control planes that run with another machine's address, with their own. */
function toMend(view: AuditView): { readonly nodes: readonly NodeValue[]; readonly disputed: readonly DisputedValue[] } {
  const wrong = view.controlPlanes.flatMap((machine) => {
    const setting = settingOf(componentOn(machine, 'kube-apiserver'), FLAG);
    if (setting === undefined || machine.addresses.includes(setting.value)) return [];
    return [{ value: { node: machine.name, where: setting.where, from: setting.value }, own: apiAddress(machine) }];
  });
  return {
    nodes: wrong.flatMap(({ value, own }) => (own.state === 'told' ? [{ ...value, to: own.address }] : [])),
    disputed: wrong.flatMap(({ value, own }) => (own.state === 'disputed' ? [{ ...value, why: own.why }] : [])),
  };
}
