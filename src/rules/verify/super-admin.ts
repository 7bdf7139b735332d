import { SUPER_ADMIN_CONF } from '../../facts/kubernetes-paths.ts';
import { complainOf } from '../rule.ts';
import { defineIdentityRule, onHost } from './identity-rule.ts';

/** kubeadm leaves it on the node where init ran, and there alone. */
export const superAdmin = defineIdentityRule({
  code: 'super-admin-left',
  title: 'super-admin.conf is on the node',
  why: 'its key passes all authorisation and cannot be revoked, and it makes one control plane differ from the others',
  fix: `delete ${SUPER_ADMIN_CONF} there; kubeadm init phase kubeconfig super-admin makes one anew when it is ever needed`,
  probes: () => [{ probe: 'file', path: SUPER_ADMIN_CONF, text: false }],
  judgeNode: (node, input) =>
    onHost(node, input, SUPER_ADMIN_CONF, ({ files }) => {
      const file = files[SUPER_ADMIN_CONF];
      if (file === undefined) return [{ node: node.name, what: SUPER_ADMIN_CONF, why: 'it was not looked for' }];
      return file.type === 'absent' ? [] : complainOf([`${SUPER_ADMIN_CONF} exists`], { node: node.name });
    }),
});
