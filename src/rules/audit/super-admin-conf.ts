import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { superAdminFiles, superAdminMounts } from './super-admin-files.ts';

/** L37: kubeadm init leaves it on the machine where it ran, and there alone. */
export const superAdminConf = defineAuditRule({
  code: 'super-admin-conf',
  severity: 'warning',
  title: 'super-admin.conf lies on a machine',
  why: 'its key passes all authorisation and cannot be revoked while the CA lives, and it makes one control plane differ from the others',
  fix: 'delete the file; kubeadm init phase kubeconfig super-admin makes one anew when it is ever needed',
  isMended: true,
  judge: (view) => {
    const files = seenMachines(view).flatMap((machine) => (superAdminMounts(machine).length > 0 ? [] : superAdminFiles(machine).map((path) => ({ node: machine.name, path }))));
    const [first, ...others] = files;
    return complain(
      files.map(({ node, path }) => `${node}: ${path} exists`),
      { ...(first !== undefined && others.length === 0 && { node: first.node }), repair: { kind: 'remove-files', files } },
    );
  },
});
