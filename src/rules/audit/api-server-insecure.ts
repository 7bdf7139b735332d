import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { componentOn } from './machine.ts';

export const apiServerInsecure = defineAuditRule({
  code: 'api-server-insecure',
  severity: 'warning',
  title: 'an API server does not ask what a client may do',
  why: 'every node and every pod that reaches it may do everything in the cluster',
  fix: 'set --authorization-mode of the API server to Node,RBAC in its manifest and in extraArgs of the ConfigMap kube-system/kubeadm-config',
  judge: (view) =>
    view.controlPlanes.flatMap((machine) => {
      const apiServer = componentOn(machine, 'kube-apiserver');
      const mode = settingOf(apiServer, 'authorization-mode');
      if (apiServer === undefined || settingOf(apiServer, 'authorization-config') !== undefined) return [];
      const modes = (mode?.value ?? 'AlwaysAllow').split(',');
      return complain(
        modes.includes('AlwaysAllow')
          ? [mode === undefined ? 'kube-apiserver has no --authorization-mode: everything is allowed' : `${mode.where}: --authorization-mode=${mode.value}`]
          : [],
        { node: machine.name },
      );
    }),
});
