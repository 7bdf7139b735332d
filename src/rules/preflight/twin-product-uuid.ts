import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinProductUuid = definePreflightRule({
  code: 'twin-product-uuid',
  severity: 'error',
  title: 'two machines have one product_uuid',
  why: 'they are copies of one virtual machine; storage and cloud drivers tell machines by it, and kubeadm asks for it to be unique',
  fix: 'give one of them another uuid in its hypervisor',
  judge: (view) => [
    ...sharedByHosts(view, 'product_uuid', ({ identity: { productUuid } }) => (productUuid.state === 'known' ? [productUuid.value] : [])),
    ...view.fresh.flatMap(({ node, host: { identity } }) => {
      const { productUuid } = identity;
      return productUuid.state === 'known' ? [] : [{ node: node.name, what: 'product_uuid', why: productUuid.why }];
    }),
  ],
});
