import { hostOfServer, isAddress, isInRange, isNeutralHost } from '../../facts/audit/addresses.ts';
import { classifyField } from '../../model/flag-table.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { seenMachines } from './machine.ts';
import type { SharedValue } from './shared-documents.ts';
import { KUBE_PROXY, valuesOf } from './shared-documents.ts';
import type { Repair } from './repair.ts';

/** L36. */
export const sharedKubeProxyField = defineAuditRule({
  code: 'shared-kube-proxy-field',
  severity: 'warning',
  title: "the configuration that every kube-proxy shares holds one machine's value",
  why: 'kube-proxy has no configuration of a single node: on every other one it binds, or looks for, what is not there, and node ports or masquerading do not work',
  fix: 'empty the field in config.conf of the ConfigMap kube-system/kube-proxy (of detectLocal, choose a detectLocalMode that fits every machine), then restart the DaemonSet kube-proxy',
  isMended: true,
  judge: (view) =>
    valuesOf(view, KUBE_PROXY).flatMap((field) => {
      // The rule hostname-override-shared has that one.
      const words = field.path === 'hostnameOverride' ? undefined : kubeProxyFieldWords(view, field);
      if (words === undefined) return [];
      const repair = repairOf(field);
      return [{ evidence: [`${field.where} is ${field.value}, ${words}`], ...(repair !== undefined && { repair }) }];
    }),
});

/** An address that is emptied is the default, an entry of a list goes; a way to detect local traffic is a choice, and kube-proxy does not start with half of one. */
function repairOf({ path, place }: SharedValue): Repair | undefined {
  if (path.startsWith('detectLocal.')) return undefined;
  return /\.\d+$/.test(path) ? { kind: 'shared-value', shared: [place] } : { kind: 'shared-value', shared: [place], to: '' };
}

/** Whose value a field of kube-proxy's configuration is that belongs to one node by the flag table; undefined for what fits every machine. */
export function kubeProxyFieldWords(view: AuditView, { path, value }: SharedValue): string | undefined {
  if (classifyField('KubeProxyConfiguration', path).scope !== 'node') return undefined;
  if (path === 'hostnameOverride') return value === '' ? undefined : 'the name of one machine';
  if (path.startsWith('detectLocal.')) return interfaceWords(view, value);
  if (path.startsWith('nodePortAddresses')) return rangeWords(view, value);
  const host = hostOfServer(value);
  if (!isAddress(host) || isNeutralHost(host)) return undefined;
  const owner = view.machines.find(({ addresses }) => addresses.includes(host));
  return owner === undefined ? 'the address of no machine' : `the address of ${owner.name}`;
}

/** A name of an interface, or how names begin, that some machines have and others lack. */
function interfaceWords(view: AuditView, name: string): string | undefined {
  const seen = seenMachines(view);
  const lacking = name === '' ? [] : seen.filter(({ facts }) => !facts.interfaces.some((each) => each.name.startsWith(name)));
  return lacking.length === 0 || lacking.length === seen.length ? undefined : `which ${lacking.map((machine) => machine.name).join(', ')} lacks`;
}

/** A range in which some machines have an address and others have none. */
function rangeWords(view: AuditView, range: string): string | undefined {
  if (!range.includes('/')) return undefined;
  const outside = view.machines.filter(({ addresses }) => !addresses.some((address) => isInRange(address, range)));
  return outside.length === 0 ? undefined : `in which ${outside.map(({ name }) => name).join(', ')} has no address`;
}
