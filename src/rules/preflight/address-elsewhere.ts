import { defineMachineRule } from './preflight-rule.ts';

export const addressElsewhere = defineMachineRule({
  code: 'address-elsewhere',
  severity: 'error',
  title: "the node's address is on none of the machine's interfaces",
  why: 'etcd and the API server cannot listen there, and the kubelet refuses an address that is not its own',
  fix: 'write the address that the machine itself has into spec.nodes[].address',
  judgeMachine: ({ node, host: { addresses } }) =>
    addresses.some(({ address }) => address === node.address) ? [] : [`${node.address} is not among ${addresses.map(({ address }) => address).join(', ') || 'its addresses'}`],
});
