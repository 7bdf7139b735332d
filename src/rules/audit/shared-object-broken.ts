import { complain, defineAuditRule } from './audit-rule.ts';
import { KUBEADM } from './shared-documents.ts';

export const sharedObjectBroken = defineAuditRule({
  code: 'shared-object-broken',
  severity: 'error',
  title: 'an object that kubeadm needs is missing or cannot be read',
  why: 'no machine can join and no control plane can be upgraded: kubeadm reads this object first',
  fix: 'restore the object: kubeadm config print init-defaults shows its form, and kubeadm init phase upload-config and bootstrap-token write it anew',
  grades: 'a warning where it is missing',
  judge: ({ shared }) => {
    // Without kubeadm-config the cluster is not kubeadm's: told by maker-unproven.
    const isKubeadm = shared.some(({ configMap, state }) => configMap === KUBEADM.configMap && state !== 'absent');
    return isKubeadm
      ? shared.flatMap(({ configMap, key, state, why }) =>
          state === 'read' ? [] : complain([`ConfigMap ${configMap}, ${key}: ${why}`], { severity: state === 'absent' ? 'warning' : 'error' }),
        )
      : [];
  },
});
