import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { wordIn } from './names-in-text.ts';
import type { SharedValue } from './shared-documents.ts';
import { KUBEADM, valueAt, valuesOf } from './shared-documents.ts';

/** Variables and paths that kubeadm gives to every control plane; flags have rules of their own. */
const GIVEN_TO_ALL = /^(?:(apiServer|controllerManager|scheduler|etcd\.local)\.(?:extraEnvs\.\d+\.value|extraVolumes\.\d+\.hostPath)|(etcd\.local)\.dataDir)$/;

/** A machine may be called by a word that such paths have anyway. */
const ORDINARY = '/var/lib/etcd /etc/kubernetes/pki /var/lib/kubelet /var/log/kubernetes/audit /usr/share/ca-certificates /etc/ssl/certs';

const PROGRAMS: Readonly<Record<string, string>> = { apiServer: 'kube-apiserver', controllerManager: 'kube-controller-manager', scheduler: 'kube-scheduler', 'etcd.local': 'etcd' };

/** L34. */
export const sharedNameOfOneNode = defineAuditRule({
  code: 'shared-name-of-one-node',
  severity: 'warning',
  title: 'kubeadm-config gives every control plane a variable or a path that names single machines',
  why: 'each control plane that joins or is upgraded gets it: it sends through a proxy what goes to a machine that the value does not name, or mounts a directory that is called by another machine and that it does not have',
  fix: 'take the value out of the ConfigMap kube-system/kubeadm-config, or write there what fits every control plane: ranges of addresses, paths that name no machine',
  judge: (view) => namesOfSingleMachines(view).map((leak) => complain(view, leak)),
});

/** A variable or a path in kubeadm-config that names single machines. */
interface NamingValue {
  readonly field: SharedValue;
  /** The component that is given it. */
  readonly program: string;
  /** Undefined of a path. */
  readonly variable: string | undefined;
  /** Where it stands and whom it names. */
  readonly words: string;
}

/** All of them; a list of all control planes is right as long as they are these. */
export function namesOfSingleMachines(view: AuditView): readonly NamingValue[] {
  return valuesOf(view, KUBEADM).flatMap((field) => {
    const [, component, ofData] = GIVEN_TO_ALL.exec(field.path) ?? [];
    const program = PROGRAMS[component ?? ofData ?? ''];
    if (program === undefined) return [];
    const named = view.machines.filter((machine) => isNamed(field.value, machine));
    if (named.length === 0 || view.controlPlanes.every((machine) => named.includes(machine))) return [];
    const variable = variableOf(view, field);
    const where = `${field.where}${variable === undefined ? '' : ` (${variable})`}`;
    return [{ field, program, variable, words: `${where} is ${field.value}, which names ${named.map(({ name }) => name).join(', ')} and not every control plane` }];
  });
}

function complain(view: AuditView, { field, program, variable, words }: NamingValue): AuditComplaint {
  const what = variable === undefined ? `the path ${field.value}` : `the variable ${variable}`;
  return {
    evidence: [words],
    steps: [
      `kubectl -n kube-system edit configmap kubeadm-config: in ${KUBEADM.key}, take out ${field.path.replace(/\.(?:value|hostPath)$/, '')}, or make it fit every control plane`,
      `then change ${what} in the manifest of ${program} in the same way on ${view.controlPlanes.map(({ name }) => name).join(', ')}, one after another, each healthy before the next`,
    ],
  };
}

function isNamed(text: string, { name, addresses }: Machine): boolean {
  return addresses.some((address) => wordIn(text, address)) || (wordIn(text, name) && !wordIn(ORDINARY, name));
}

function variableOf(view: AuditView, { path }: SharedValue): string | undefined {
  return path.endsWith('.value') ? valueAt(view, KUBEADM, path.replace(/value$/, 'name'))?.value : undefined;
}
