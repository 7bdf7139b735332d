import type { KubeconfigView } from '../../facts/audit/machine-facts.ts';
import { componentOf, valueOf } from '../../facts/audit/components.ts';
import type { Severity } from '../finding.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { complainBySeverity } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';
import { severityOfNamed, whomServerNames } from './servers.ts';

/** What a kubeconfig is for, by the process that names it. */
export type KubeconfigUse = 'kubelet' | 'controller' | 'people';

export interface UsedKubeconfig {
  readonly machine: Machine;
  readonly path: string;
  readonly use: KubeconfigUse;
  readonly view: KubeconfigView;
}

const CONTROLLER_FLAGS = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];

/** Kubeconfigs of all machines that were looked at. What no process names is for people: admin.conf and its like. */
export function usedKubeconfigs(view: Pick<AuditView, 'machines'>): readonly UsedKubeconfig[] {
  return seenMachines(view).flatMap((machine) => {
    const kubelet = componentOf(machine.facts, 'kubelet');
    const ofKubelet = [valueOf(kubelet, 'kubeconfig'), valueOf(kubelet, 'bootstrap-kubeconfig')];
    const controllers = (['kube-controller-manager', 'kube-scheduler'] as const).flatMap((name) => CONTROLLER_FLAGS.map((flag) => valueOf(componentOf(machine.facts, name), flag)));
    return Object.entries(machine.facts.kubeconfigs).map(([path, kubeconfig]) => ({
      machine,
      path,
      use: ofKubelet.includes(path) ? ('kubelet' as const) : controllers.includes(path) ? ('controller' as const) : ('people' as const),
      view: kubeconfig,
    }));
  });
}

/** Kubeconfigs of one use whose server is another machine, or none: one complaint for each severity. */
export function judgeKubeconfigs(view: AuditView, use: KubeconfigUse): readonly AuditComplaint[] {
  const wrong = usedKubeconfigs(view)
    .filter((each) => each.use === use && each.view.server !== '')
    .flatMap(({ machine, path, view: { server, line } }) => {
      const whom = whomServerNames(view, server, machine);
      if (whom.kind !== 'one' && whom.kind !== 'nobody') return [];
      const severity: Severity = severityOfNamed(view, whom);
      return [{ severity, machine, server, where: `${path}:${line}`, words: whom.words }];
    });
  return complainBySeverity(wrong, (some) => ({
    evidence: some.map(({ machine, where, server, words }) => `${machine.name}: ${where}: server ${server}: ${words}`),
    ...oneNode(some.map(({ machine }) => machine.name)),
    repair: { kind: 'stable-endpoint', shared: [], nodes: some.map(({ machine, where, server }) => ({ node: machine.name, where, from: server, to: '' })) },
  }));
}

function oneNode(names: readonly string[]): { readonly node?: string } {
  const [first, ...others] = new Set(names);
  return first !== undefined && others.length === 0 ? { node: first } : {};
}
