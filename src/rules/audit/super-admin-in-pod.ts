import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { superAdminMounts } from './super-admin-files.ts';

/** L20: as guides for virtual addresses by a static pod advise. */
export const superAdminInPod = defineAuditRule({
  code: 'super-admin-in-pod',
  severity: 'warning',
  title: 'a static pod holds super-admin.conf',
  why: 'whoever takes over that pod may do everything in the cluster, past all authorisation; one control plane differs from the others, and the pod fails on those that do not have the file',
  fix: 'give the pod a kubeconfig with the rights that it needs, at a path that every control plane has, and delete super-admin.conf',
  judge: (view) =>
    seenMachines(view).flatMap((machine) =>
      complain(
        superAdminMounts(machine).map((where) => `${where} mounts super-admin.conf`),
        { node: machine.name },
      ),
    ),
});
