import type { ComponentName } from '../../facts/audit/programs.ts';
import { classifyFlag } from '../../model/flag-table.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn } from './machine.ts';

type StaticComponent = Exclude<ComponentName, 'kubelet' | 'kube-proxy'>;
const COMPONENTS: readonly StaticComponent[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

/** Flags about which other rules speak. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['etcd-servers', 'initial-cluster', 'initial-cluster-state']);

export const manifestsDiffer = defineAuditRule({
  code: 'manifests-differ',
  severity: 'warning',
  title: 'control planes run one component with different flags',
  why: 'what the cluster does depends on which control plane answers or leads at the moment: faults come and go with the leader, and an upgrade writes over what somebody changed by hand',
  fix: 'decide which value is right; write it into extraArgs of the ConfigMap kube-system/kubeadm-config and into the manifests that lack it',
  judge: (view) => COMPONENTS.flatMap((component) => complain(differences(view, component))),
});

function differences(view: AuditView, component: StaticComponent): readonly string[] {
  const machines = view.controlPlanes.flatMap((machine) => {
    const found = componentOn(machine, component);
    return found === undefined ? [] : [{ machine, found }];
  });
  const flags = new Set(machines.flatMap(({ found }) => found.settings.map(({ name }) => name)));
  return [...flags].sort().flatMap((flag) => {
    if (TOLD_ELSEWHERE.has(flag) || classifyFlag(component, flag).scope === 'node') return [];
    const values = machines.map(({ machine, found }) => {
      const given = found.settings.filter(({ name }) => name === flag).map(({ value }) => value);
      return {
        machine: machine.name,
        shown: given.length === 0 ? 'not given' : given.join(' and '),
        plain: given.map((value) => withoutOwn(value, [machine.name, ...machine.addresses])).join('\n'),
      };
    });
    const isOne = (of: (value: (typeof values)[number]) => string): boolean => new Set(values.map(of)).size < 2;
    return isOne(({ shown }) => shown) || isOne(({ plain }) => plain) ? [] : [`${component} --${flag}: ${values.map(({ machine, shown }) => `${machine} ${shown}`).join(', ')}`];
  });
}

/** A machine's own name and addresses in a value may differ. */
function withoutOwn(value: string, own: readonly string[]): string {
  return own.filter((word) => word !== '').reduce((text, word) => text.replaceAll(word, '<own>'), value);
}
