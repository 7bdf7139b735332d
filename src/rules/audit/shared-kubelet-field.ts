import { hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import { classifyField } from '../../model/flag-table.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { SharedValue } from './shared-documents.ts';
import { KUBELET, valuesOf } from './shared-documents.ts';
import { namesOfMachines, wordIn } from './names-in-text.ts';

/** Fields that say what a machine has, not who it is: the same on many machines, and harmless in shared state where each has it. */
const OF_MANY: ReadonlySet<string> = new Set([
  'resolvConf',
  'failCgroupV1',
  'failSwapOn',
  'memorySwap',
  'oomScoreAdj',
  'containerRuntimeEndpoint',
  'imageServiceEndpoint',
  'volumePluginDir',
]);
const CGROUPS: ReadonlySet<string> = new Set(['cgroupRoot', 'kubeletCgroups', 'systemCgroups', 'systemReservedCgroup', 'kubeReservedCgroup']);

/** L30, L35. */
export const sharedKubeletField = defineAuditRule({
  code: 'shared-kubelet-field',
  severity: 'warning',
  title: "the configuration that every kubelet shares holds one machine's value",
  why: 'each node that joins or is upgraded takes it over: it claims to be that machine, binds an address that it does not have, or reserves processors that it lacks, and its kubelet does not start',
  fix: "take the field out of the ConfigMap kube-system/kubelet-config, and give it to the one machine by a kubeadm patch of the kubelet's configuration",
  isMended: true,
  grades: 'an error where it is the address of no machine',
  judge: (view) =>
    valuesOf(view, KUBELET).flatMap((field) => {
      if (!isKubeletFieldOfOneNode(view, field)) return [];
      const { scope, reason } = classifyField('KubeletConfiguration', field.path);
      const host = hostOfServer(field.value);
      const owner = view.machines.find(({ addresses }) => addresses.includes(host));
      const isDead = isAddress(host) && owner === undefined && view.cluster !== undefined;
      return [
        {
          severity: isDead ? ('error' as const) : ('warning' as const),
          evidence: [
            `${field.where} is ${field.value}${owner === undefined ? '' : `, the address of ${owner.name}`}`,
            `it is ${scope === 'node' ? reason : 'the name of one machine'}`,
          ],
          repair: { kind: 'shared-value' as const, shared: [field.place] },
        },
      ];
    }),
});

/** Whether a field of the shared kubelet configuration belongs to one node by the flag table, and says what is not the same everywhere. */
export function isKubeletFieldOfOneNode(view: AuditView, field: SharedValue): boolean {
  const top = field.path.split('.')[0] ?? '';
  const isNodes = classifyField('KubeletConfiguration', field.path).scope === 'node' && !OF_MANY.has(top) && !CGROUPS.has(top) && !isNeutral(field.value);
  return isNodes || namesMachine(view, field);
}

function isNeutral(value: string): boolean {
  const host = hostOfServer(value);
  return value === '' || (host !== '' && isNeutralHost(host));
}

/** Fields that no version of the configuration has, and yet people write: they name a node. */
function namesMachine(view: AuditView, { path, value }: SharedValue): boolean {
  return /^(hostnameOverride|nodeIP|nodeName)$/i.test(path) && (isAddress(value) || namesOfMachines(view).present.some((name) => wordIn(value, name)));
}
