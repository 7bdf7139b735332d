import { RESOLVED_FILE } from '../../facts/audit/inspect-request.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';
import { KUBELET, valueAt } from './shared-documents.ts';

/** L31: kubeadm writes this itself when systemd-resolved runs where init runs (kubeadm, componentconfigs/kubelet.go). */
export const sharedResolver = defineAuditRule({
  code: 'shared-resolver',
  severity: 'warning',
  title: "every kubelet is to use one machine's resolver file",
  why: 'where that file does not exist the kubelet cannot make pods at all, or they get no DNS to the outside: on each machine without systemd-resolved that joins',
  fix: "set resolvConf in the ConfigMap kube-system/kubelet-config to /etc/resolv.conf, and give machines with systemd-resolved their own by a kubeadm patch of the kubelet's configuration",
  isMended: true,
  grades: 'an error where a kubelet uses a file that its machine lacks, a notice where all machines have it',
  judge: (view) => {
    const shared = valueAt(view, KUBELET, 'resolvConf');
    if (shared?.value !== RESOLVED_FILE) return [];
    const lacking = seenMachines(view).filter(({ facts }) => facts.files[RESOLVED_FILE]?.type === 'absent');
    const hurt = lacking.filter((machine) => usesIt(machine));
    return [
      {
        severity: hurt.length > 0 ? 'error' : lacking.length > 0 ? 'warning' : 'notice',
        evidence: [
          `${shared.where} is ${shared.value}`,
          ...lacking.map((machine) => `${machine.name} has no ${RESOLVED_FILE}${usesIt(machine) ? ', and its kubelet uses it' : '; its kubelet uses another file'}`),
          ...having(view, lacking),
        ],
        repair: { kind: 'shared-value', shared: [shared.place], to: '/etc/resolv.conf' },
      },
    ];
  },
});

function usesIt({ facts }: Machine): boolean {
  return facts?.kubeletConfig.state === 'known' && facts.kubeletConfig.value.fields['resolvConf']?.text === RESOLVED_FILE;
}

function having(view: AuditView, lacking: readonly Machine[]): readonly string[] {
  const names = seenMachines(view)
    .filter(({ name }) => !lacking.some((machine) => machine.name === name))
    .map(({ name }) => name);
  return names.length === 0 ? [] : [`it exists on ${names.join(', ')}`];
}
