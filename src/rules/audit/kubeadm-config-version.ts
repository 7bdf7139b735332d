import { complain, defineAuditRule } from './audit-rule.ts';
import { KUBEADM, valueAt } from './shared-documents.ts';
import { apiServerVersion, plainVersion } from './versions.ts';

export const kubeadmConfigVersion = defineAuditRule({
  code: 'kubeadm-config-version',
  severity: 'warning',
  title: 'kubeadm-config says another version than the API servers run',
  why: 'the next control plane that joins gets that other version, and its kubelet may refuse to work with it',
  fix: 'finish the upgrade with kubeadm upgrade apply, or correct kubernetesVersion in the ConfigMap kube-system/kubeadm-config',
  judge: (view) => {
    const said = valueAt(view, KUBEADM, 'kubernetesVersion');
    const version = plainVersion(said?.value ?? '');
    const running = [...new Set(view.controlPlanes.flatMap((machine) => apiServerVersion(machine) ?? []))];
    // While control planes differ, kubeadm-config is right with one of them: that is told by version-skew.
    return said === undefined || version === undefined || running.length !== 1 || running.includes(version)
      ? []
      : complain([`${said.where} is ${said.value}; the API servers run ${running.join(', ')}`]);
  },
});
