import { hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import { settingOf } from '../../facts/audit/components.ts';
import { componentOn } from './machine.ts';
import { classifyFlag } from '../../model/flag-table.ts';
import type { Component } from '../../model/flag-table.ts';
import type { Severity } from '../finding.ts';
import type { AuditComplaint } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { SharedArg } from './shared-documents.ts';
import { sharedArgs } from './shared-documents.ts';

const KUBEADM_COMPONENTS = [
  ['apiServer', 'kube-apiserver'],
  ['controllerManager', 'kube-controller-manager'],
  ['scheduler', 'kube-scheduler'],
  ['etcd.local', 'etcd'],
] as const;

export interface SharedLeak extends SharedArg {
  readonly component: Component;
  readonly reason: string;
}

/** Flags in `extraArgs` that belong to one node by the flag table and whose value is not the same everywhere. */
export function leakedArgs(view: AuditView, covered: (leak: SharedLeak) => boolean): readonly SharedLeak[] {
  return KUBEADM_COMPONENTS.flatMap(([key, component]) =>
    sharedArgs(view, key).flatMap((arg) => {
      const { scope, reason } = classifyFlag(component, arg.flag);
      return scope === 'node' && arg.value.split(',').some((part) => !isNeutralHost(hostOfServer(part))) ? [{ ...arg, component, reason }] : [];
    }),
  ).filter(covered);
}

/** One complaint a flag: dead values are errors. */
export function complainOfLeak(view: AuditView, leak: SharedLeak): AuditComplaint {
  const { flag, value, where, reason, component, place } = leak;
  const running = runningWith(view, leak);
  const owners = value.split(',').flatMap((part) => {
    const host = hostOfServer(part);
    return view.machines.filter(({ addresses, name }) => addresses.includes(host) || name === host).map(({ name }) => name);
  });
  const isDead = owners.length === 0 && value.split(',').some((part) => isAddress(hostOfServer(part))) && view.cluster !== undefined;
  const severity: Severity = isDead ? 'error' : 'warning';
  const whose = owners.length > 0 ? `, of ${[...new Set(owners)].join(' and ')}` : isDead ? ', the address of no machine of this cluster' : '';
  return {
    evidence: [`${where} is ${value}${whose}`, `${component} --${flag} is ${reason}`],
    severity,
    ...(running.length === 0
      ? { repair: { kind: 'own-flag' as const, component, flag, shared: [place], nodes: [] } }
      : {
          steps: [
            `take ${place.path} out of ${place.key} in the ConfigMap ${place.configMap}`,
            ...running.map((words) => `${words}, and wait until it is healthy before the next machine`),
          ],
        }),
  };
}

/** Control planes that run with a value that is not theirs: once it is out of shared state, nothing but this tells that it is still in force there. */
function runningWith(view: AuditView, { component, flag, value }: SharedLeak): readonly string[] {
  if (component === 'kubelet') return [];
  return view.controlPlanes.flatMap((machine) => {
    const setting = settingOf(componentOn(machine, component), flag);
    const isOwn = value.split(',').every((part) => machine.addresses.includes(hostOfServer(part)) || hostOfServer(part) === machine.name);
    return setting?.value === value && !isOwn ? [`take --${flag}=${value} out of ${component} on ${machine.name} (${setting.where})`] : [];
  });
}
