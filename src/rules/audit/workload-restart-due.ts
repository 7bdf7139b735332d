import { complain, defineAuditRule } from './audit-rule.ts';

export const workloadRestartDue = defineAuditRule({
  code: 'workload-restart-due',
  severity: 'warning',
  title: 'a workload may run with a configuration that was changed since',
  why: 'a repair ended between the change of a ConfigMap and the restart of the pods that read it: they go on as they were started',
  fix: 'kubectl -n kube-system rollout restart KIND NAME, then take the annotation kubewright.dev/restart-due off it',
  isMended: true,
  judge: ({ cluster }) =>
    Object.entries(cluster?.workloads ?? {}).flatMap(([workload, { restartDue }]) =>
      restartDue === undefined
        ? []
        : complain([`${workload}: its annotation kubewright.dev/restart-due is there`], { repair: { kind: 'restart-workload', workload, digest: restartDue } }),
    ),
});
