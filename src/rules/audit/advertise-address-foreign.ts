import type { Setting } from '../../facts/audit/components.ts';
import { manifestSettings, settingOf } from '../../facts/audit/components.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { apiAddress, componentOn, seenMachines } from './machine.ts';
import { sharedAdvertiseAddress } from './shared-advertise-address.ts';

const FLAG = 'advertise-address';

/** By which the API server of a machine advertises an address that none of its interfaces has: now, or by its manifest as soon as the kubelet takes it. */
function foreignSetting(machine: Machine): Setting | undefined {
  const component = componentOn(machine, 'kube-apiserver');
  const settings = [settingOf(component, FLAG), manifestSettings(component?.manifest).findLast(({ name }) => name === FLAG)];
  const addresses = machine.facts?.interfaces.flatMap((each) => each.addresses);
  return addresses && settings.find((setting) => setting !== undefined && !addresses.includes(setting.value));
}

export function advertisesForeign(machine: Machine): boolean {
  return foreignSetting(machine) !== undefined;
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
      const setting = foreignSetting(machine);
      if (setting === undefined || setting.value === shared) return [];
      return [
        {
          node: machine.name,
          evidence: [
            `${setting.where}: --advertise-address=${setting.value}, ${ownerWords(view, setting.value)}; the interfaces of ${machine.name} have ${machine.addresses.join(', ')}`,
          ],
          ...remedyOf(machine, setting),
        },
      ];
    });
  },
});

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
