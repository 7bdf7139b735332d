import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { componentOn, seenMachines } from './machine.ts';

/** Flags of the kubelet that win over its configuration. */
const FLAG_OF: Readonly<Record<string, string>> = {
  'authentication.anonymous.enabled': 'anonymous-auth',
  'authorization.mode': 'authorization-mode',
  readOnlyPort: 'read-only-port',
};

export const kubeletInsecure = defineAuditRule({
  code: 'kubelet-insecure',
  severity: 'warning',
  title: 'a kubelet lets in whom it does not know',
  why: "whoever reaches the machine's port 10250 or 10255 reads or runs what they like in its pods",
  fix: "set authentication.anonymous.enabled to false, authorization.mode to Webhook and readOnlyPort to 0 in the kubelet's configuration, and restart it",
  judge: (view) =>
    seenMachines(view).flatMap((machine) => {
      const of = (field: string): { readonly value: string; readonly where: string } | undefined => inForce(machine, field);
      const [anonymous, mode, port] = [of('authentication.anonymous.enabled'), of('authorization.mode'), of('readOnlyPort')];
      return complain(
        [
          ...(anonymous?.value.toLowerCase() === 'true' ? [`${anonymous.where} is true: requests without a login are taken`] : []),
          ...(mode?.value === 'AlwaysAllow' ? [`${mode.where} is AlwaysAllow: everybody who gets in may do everything`] : []),
          ...(port !== undefined && port.value !== '0' && port.value !== '' ? [`${port.where} is ${port.value}: a port without any login`] : []),
        ],
        { node: machine.name },
      );
    }),
});

function inForce(machine: Machine, field: string): { readonly value: string; readonly where: string } | undefined {
  const flag = FLAG_OF[field] ?? '';
  const setting = settingOf(componentOn(machine, 'kubelet'), flag);
  if (setting !== undefined) return { value: setting.value, where: `${setting.where}: --${flag}` };
  const config = machine.facts?.kubeletConfig;
  const value = config?.state === 'known' ? config.value.fields[field] : undefined;
  return value === undefined || config?.state !== 'known' ? undefined : { value: value.text, where: `${config.value.path}:${value.line}: ${field}` };
}
