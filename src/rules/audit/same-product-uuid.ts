import { defineAuditRule } from './audit-rule.ts';
import { sharedByMachines } from './same-identity.ts';

/** What the hypervisor or the board says; a container shows its host's, and that is unknown. */
export const sameProductUuid = defineAuditRule({
  code: 'same-product-uuid',
  severity: 'error',
  title: 'two machines have one product_uuid',
  why: 'kubeadm asks for different ones, since network plugins and cloud controllers tell machines by them; a cluster with both may work until one of these looks',
  fix: 'give one of the virtual machines another UUID in its hypervisor, and start it anew',
  judge: (view) => sharedByMachines(view, 'product_uuid', ({ facts }) => (facts.identity.productUuid.state === 'known' ? [facts.identity.productUuid.value] : [])),
});
