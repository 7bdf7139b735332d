import type { Setting } from '../../facts/audit/components.ts';
import { manifestSettings, settingOf } from '../../facts/audit/components.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { apiAddress, componentOn, seenMachines } from './machine.ts';
import { sharedAdvertiseAddress } from './shared-advertise-address.ts';

const FLAG = 'advertise-address';

function isForeign(machine: Machine, setting: Setting | undefined): setting is Setting {
  return setting !== undefined && machine.facts !== undefined && !machine.facts.interfaces.some(({ addresses }) => addresses.includes(setting.value));
}

/** Whether the API server of a machine advertises an address that none of its interfaces has. */
export function advertisesForeign(machine: Machine): boolean {
  return isForeign(machine, settingOf(componentOn(machine, 'kube-apiserver'), FLAG));
}

/** Such an address in the manifest alone: it is advertised as soon as the kubelet takes it. */
export function foreignInManifest(machine: Machine): Setting | undefined {
  const component = componentOn(machine, 'kube-apiserver');
  const setting = manifestSettings(component?.manifest).findLast(({ name }) => name === FLAG);
  return isForeign(machine, setting) && setting.value !== settingOf(component, FLAG)?.value ? setting : undefined;
}

/** What L0 leaves behind where the shared value was taken out, or what somebody wrote by hand. */
export const advertiseAddressForeign = defineAuditRule({
  code: 'advertise-address-foreign',
  severity: 'error',
  title: "an API server advertises an address that is not its machine's",
  why: 'the service kubernetes leads pods to that address: to another machine, with which this API server would seem to go, or to nobody',
  fix: "write the machine's own address into --advertise-address of the manifest named, and wait until it is an endpoint of the service kubernetes",
  isMended: true,
  judge: (view) => {
    const shared = sharedAdvertiseAddress(view)?.value;
    return seenMachines(view).flatMap((machine) => {
      const coming = foreignInManifest(machine);
      if (coming !== undefined) return [{ node: machine.name, evidence: [evidenceOf(view, machine, coming)], steps: stepsFor(machine, coming) }];
      const setting = settingOf(componentOn(machine, 'kube-apiserver'), FLAG);
      if (!isForeign(machine, setting) || setting.value === shared) return [];
      return [
        {
          node: machine.name,
          evidence: [evidenceOf(view, machine, setting)],
          ...remedyOf(machine, setting),
        },
      ];
    });
  },
});

function evidenceOf(view: AuditView, machine: Machine, { where, value }: Setting): string {
  return `${where}: --${FLAG}=${value}, ${ownerWords(view, value)}; the interfaces of ${machine.name} have ${machine.addresses.join(', ')}`;
}

/** By hand: the API server that runs needs no restart, and who wrote the manifest is at work there. */
function stepsFor(machine: Machine, { where, value }: Setting): readonly string[] {
  const own = apiAddress(machine);
  return [`${machine.name}: write ${own.state === 'disputed' ? 'its own address' : own.address} in the place of ${value} into --${FLAG} (${where}), before the kubelet takes it`];
}

function remedyOf(machine: Machine, { where, value }: Setting): Pick<AuditComplaint, 'repair' | 'steps'> {
  const own = apiAddress(machine);
  if (own.state === 'disputed') return { steps: [`${machine.name}: ${own.why}`, `find out which address is its own, and write it into --${FLAG} (${where})`] };
  const nodes = [{ node: machine.name, where, from: value, to: own.address }];
  return { repair: { kind: 'own-flag', component: 'kube-apiserver', flag: FLAG, shared: [], nodes } };
}

function ownerWords({ machines }: AuditView, address: string): string {
  const owner = machines.find(({ addresses }) => addresses.includes(address));
  return owner === undefined ? 'the address of no machine of this cluster' : `the address of ${owner.name}`;
}
