import { defineAuditRule } from './audit-rule.ts';
import { KUBE_PROXY, KUBE_PROXY_WORKLOAD, valueAt } from './shared-documents.ts';

const OWN_NAME = '--hostname-override=$(NODE_NAME)';

/** L9. kubeadm's DaemonSet gives each kube-proxy its own name by a flag, which wins. */
export const hostnameOverrideShared = defineAuditRule({
  code: 'hostname-override-shared',
  severity: 'warning',
  title: 'the configuration that every kube-proxy shares names one node',
  why: 'a kube-proxy that believes it is another node sends traffic for local endpoints wrong and reports health for that other one; kubeadm hides it with a flag, until somebody changes the DaemonSet',
  fix: 'empty hostnameOverride in config.conf of the ConfigMap kube-system/kube-proxy',
  isMended: true,
  grades: 'an error where the DaemonSet does not give each kube-proxy its own name',
  judge: (view) => {
    const override = valueAt(view, KUBE_PROXY, 'hostnameOverride');
    if (override === undefined || override.value === '') return [];
    const daemonSet = view.cluster?.workloads[KUBE_PROXY_WORKLOAD];
    const isHidden = daemonSet?.args.includes(OWN_NAME) === true;
    return [
      {
        severity: isHidden ? 'warning' : 'error',
        evidence: [`${override.where} is ${override.value}`, isHidden ? `DaemonSet kube-proxy passes ${OWN_NAME}, which wins` : `DaemonSet kube-proxy passes no ${OWN_NAME}`],
        repair: { kind: 'shared-value', shared: [override.place], to: '' },
      },
    ];
  },
});
